package io.eventpipeline.launcher.load;

import io.eventpipeline.config.Check;

/**
 * How much is sent and how fast.
 *
 * @param events sends, exact duplicates included; 1 to 100 million
 * @param rate sends in a second; 0 = as fast as the edge takes them
 * @param seed of everything random in the run
 */
public record LoadOptions(int events, int rate, long seed) {
  /** Above it the book-keeping alone (25 bytes an event) would fill a small heap. */
  public static final int EVENTS_MAX = 100_000_000;

  /** Far above what one machine takes. */
  public static final int RATE_MAX = 10_000_000;

  public LoadOptions {
    Check.that(events > 0 && events <= EVENTS_MAX, "events must be in 1..%d", EVENTS_MAX);
    Check.that(rate >= 0 && rate <= RATE_MAX, "rate must be in 0..%d", RATE_MAX);
  }
}
