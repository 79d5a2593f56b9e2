package io.eventpipeline.schema;

import java.util.concurrent.CompletableFuture;

/** Where an event's schema comes from. Safe for use by many threads. */
public interface Schemas extends AutoCloseable {
  /**
   * The schema of {@code type} in {@code version}.
   *
   * <p>Answers from memory when it can. Otherwise it blocks until {@link #lookup} is complete: do
   * not call it on an event loop.
   *
   * @param type event type, any string
   * @param version 1 or above; 0 means the newest published one
   * @return never null; an outage is a value, {@link Lookup.Outcome#UNAVAILABLE}, and not an
   *     exception
   */
  Lookup find(String type, int version);

  /**
   * The same without blocking, from any thread.
   *
   * @return complete already when the answer is in memory. Otherwise cache and registry are asked
   *     once, however many want the same schema, and it completes on another thread, within the
   *     configured timeouts; never with an exception.
   */
  CompletableFuture<Lookup> lookup(String type, int version);

  /** Stops what runs in the background. What was found stays usable. */
  @Override
  void close();
}
