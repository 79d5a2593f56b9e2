package io.eventpipeline.launcher.stack;

import java.time.Duration;
import java.time.Instant;

/**
 * How long to wait before the next restart of one component: doubled each time, bounded, and back
 * to the first step once the component stayed up for {@link #STEADY}.
 *
 * <p>Not thread-safe: the component's watcher owns it.
 */
final class Backoff {
  /** A killed server is back within a second of being missed. */
  static final Duration FIRST = Duration.ofMillis(250);

  /** A component that dies at every start costs two starts a minute. */
  static final Duration LONGEST = Duration.ofSeconds(30);

  /** Longer than the slowest start, so a component that dies while starting never resets it. */
  static final Duration STEADY = Duration.ofSeconds(60);

  private Duration next = FIRST;
  private Instant startedAt;

  /** The component was started. */
  void started(Instant now) {
    startedAt = now;
  }

  /** The component was found dead; how long to wait before it is started again. */
  Duration died(Instant now) {
    settle(now);
    Duration wait = next;
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    return wait;
  }

  /** The component was ended on purpose, which says nothing about its next start. */
  Duration replaced(Instant now) {
    settle(now);
    return FIRST;
  }

  private void settle(Instant now) {
    if (startedAt != null && Duration.between(startedAt, now).compareTo(STEADY) >= 0) {
      next = FIRST;
    }
    startedAt = null;
  }
}
