package io.eventpipeline.launcher.chaos;

import io.eventpipeline.config.Check;
import java.time.Duration;
import java.util.List;

/**
 * One run of the fault harness.
 *
 * @param length for how long faults are injected
 * @param seed of the schedule and of the load
 * @param kinds of faults to deal
 * @param rate sends in a second
 * @param brokers of Kafka, 1 or 3; each fault of Kafka's hits one of them
 */
public record ChaosOptions(
    Duration length, long seed, List<FaultKind> kinds, int rate, int brokers) {
  public static final int RATE_MAX = 20_000;

  /** A day. */
  public static final int MINUTES_MAX = 1_440;

  public ChaosOptions {
    Check.that(
        brokers == 1 || brokers == 3, "brokers must be 1 or 3: two cannot do without either");
    Check.that(!kinds.isEmpty(), "chaos needs at least one kind of fault");
    Check.that(rate >= 100 && rate <= RATE_MAX, "rate must be in 100..%d", RATE_MAX);
    Check.that(
        length.compareTo(Duration.ofSeconds(30)) >= 0
            && length.compareTo(Duration.ofMinutes(MINUTES_MAX)) <= 0,
        "length must be in 30 s..%d min",
        MINUTES_MAX);
    kinds = List.copyOf(kinds);
  }
}
