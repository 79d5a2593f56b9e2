package io.eventpipeline.edge.status;

/** One component to be asked. */
interface Probe extends AutoCloseable {
  /** Name in the answer. */
  String name();

  /**
   * Asks; may block for about the configured timeout. Called by one thread at a time.
   *
   * @throws Exception whatever went wrong: the component counts as down, with it as the reason
   */
  Finding look() throws Exception;

  @Override
  default void close() {}
}
