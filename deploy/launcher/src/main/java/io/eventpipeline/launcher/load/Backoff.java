package io.eventpipeline.launcher.load;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the same events are sent again.
 *
 * <p>Doubles from {@link #FIRST} to {@link #LONGEST}, with jitter, so that the lanes do not come
 * back in step; what the edge asks for with {@code Retry-After} is a lower bound. Used by one lane.
 */
final class Backoff {
  static final Duration FIRST = Duration.ofMillis(50);

  /** Short, for the restart of a local edge takes about two seconds. */
  static final Duration LONGEST = Duration.ofSeconds(2);

  private static final Duration ASKED_MAX = Duration.ofSeconds(60);

  private Duration next = FIRST;

  /** The wait after one more failure. {@code asked} is zero when the edge did not say. */
  Duration after(Duration asked) {
    Duration wait = next.plusNanos(ThreadLocalRandom.current().nextLong(next.toNanos() / 2));
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    Duration bounded = asked.compareTo(ASKED_MAX) > 0 ? ASKED_MAX : asked;
    return wait.compareTo(bounded) > 0 ? wait : bounded;
  }

  /** Something was accepted: the next failure starts from the shortest wait again. */
  void reset() {
    next = FIRST;
  }
}
