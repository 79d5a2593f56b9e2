package io.eventpipeline.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTest {
  private final Latencies latencies = new Latencies();

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 8, 9, 100, 1_000, 12_345, 1_000_000, 60_000_000, 3_600_000_000L})
  void isAtMostAnEighthTooHigh(long micros) {
    latencies.record(Duration.ofNanos(micros * 1_000).toNanos());

    double millis = Latencies.percentileMillis(latencies.counts(), 0.5);

    assertThat(millis * 1_000)
        .isGreaterThan((double) micros)
        .isLessThanOrEqualTo(micros * 1.125 + 1);
  }

  @Test
  void ranks() {
    for (int i = 1; i <= 1_000; i++) {
      latencies.record(i * 1_000_000L);
    }

    assertThat(Latencies.percentileMillis(latencies.counts(), 0.5)).isBetween(500.0, 563.0);
    assertThat(Latencies.percentileMillis(latencies.counts(), 0.99)).isBetween(990.0, 1_115.0);
  }

  @Test
  void isZeroWithoutRecords() {
    assertThat(Latencies.percentileMillis(latencies.counts(), 0.99)).isCloseTo(0, within(0.0));
  }
}
