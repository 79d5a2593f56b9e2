package io.eventpipeline.schema;

/** Where an event's schema comes from. Safe for use by many threads. */
public interface Schemas extends AutoCloseable {
  /**
   * The schema of {@code type} in {@code version}.
   *
   * <p>Answers from memory when it can. Otherwise it asks the registry once, however many threads
   * want the same schema, and blocks for at most the configured request timeout: do not call it on
   * an event loop.
   *
   * @param type event type, any string
   * @param version 1 or above; 0 means the newest published one
   * @return never null; an outage is a value, {@link Lookup.Outcome#UNAVAILABLE}, and not an
   *     exception
   */
  Lookup find(String type, int version);

  /** Stops what runs in the background. What was found stays usable. */
  @Override
  void close();
}
