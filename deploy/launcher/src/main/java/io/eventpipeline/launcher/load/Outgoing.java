package io.eventpipeline.launcher.load;

/**
 * One send of one event: the same bytes until the edge acknowledges them.
 *
 * <p>An exact duplicate is a second instance with the same event number and the same array. Used by
 * one lane at a time; handed over through that lane's queue.
 */
final class Outgoing {
  private final int event;
  private final byte[] body;
  private boolean attempted;
  private long firstAttemptNanos;

  Outgoing(int event, byte[] body) {
    this.event = event;
    this.body = body;
  }

  /** Number of the event in the {@link Ledger}. */
  int event() {
    return event;
  }

  /** The event as JSON, UTF-8, on one line; not to be changed. */
  byte[] body() {
    return body;
  }

  /** Notes when this send is tried, and answers whether it is for the first time. */
  boolean attempt(long nowNanos) {
    boolean first = !attempted;
    if (first) {
      attempted = true;
      firstAttemptNanos = nowNanos;
    }
    return first;
  }

  /** From the first try to {@code nowNanos}, in nanoseconds. */
  long waitedNanos(long nowNanos) {
    return nowNanos - firstAttemptNanos;
  }
}
