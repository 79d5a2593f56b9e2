package io.eventpipeline.launcher.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SmallPartsTest {
  @Test
  void bucketKeepsTheRateOverTime() {
    TokenBucket bucket = new TokenBucket(1_000, 0);
    long now = 0;
    int taken = 0;
    while (now < TimeUnit.SECONDS.toNanos(10)) {
      long wait = bucket.tryTake(now);
      now += wait;
      taken += wait == 0 ? 1 : 0;
    }

    assertThat(taken).isBetween(10_000, 10_060);
  }

  @Test
  void bucketDoesNotSaveUpWhileNobodyTakes() {
    TokenBucket bucket = new TokenBucket(1_000, 0);
    long later = TimeUnit.MINUTES.toNanos(10);
    int taken = 0;
    while (bucket.tryTake(later) == 0) {
      taken++;
    }

    assertThat(taken).isEqualTo(50);
  }

  @Test
  void backoffGrowsToItsLimitAndStartsAgain() {
    Backoff backoff = new Backoff();
    assertThat(backoff.after(Duration.ZERO)).isLessThan(Backoff.FIRST.multipliedBy(2));
    for (int i = 0; i < 20; i++) {
      assertThat(backoff.after(Duration.ZERO)).isLessThan(Backoff.LONGEST.multipliedBy(2));
    }
    assertThat(backoff.after(Duration.ZERO)).isGreaterThanOrEqualTo(Backoff.LONGEST);
    assertThat(backoff.after(Duration.ofSeconds(7))).isEqualTo(Duration.ofSeconds(7));

    backoff.reset();
    assertThat(backoff.after(Duration.ZERO)).isLessThan(Backoff.FIRST.multipliedBy(2));
  }

  @Test
  void percentilesAreAtMostSixPercentTooHigh() {
    LatencyHistogram histogram = new LatencyHistogram();
    assertThat(histogram.percentile(0.5)).isZero();
    for (int micros = 1; micros <= 100_000; micros++) {
      histogram.record(micros * 1_000L);
    }

    for (double quantile : new double[] {0.01, 0.5, 0.95, 0.99, 1}) {
      double exact = quantile * 100_000;
      assertThat(histogram.percentile(quantile).toNanos() / 1e3)
          .isBetween(exact * 0.999, exact * 1.065);
    }
  }

  @Test
  void readsAnEventAsItStandsInKafka() {
    byte[] sent =
        """
        {"type":"cart.viewed","id":"e-1","source":"/demo/x","data":{"id":"no"}}"""
            .getBytes(UTF_8);
    byte[] enriched =
        """
        {"storeid":"store-1","time":"t","type":"cart.viewed","id":"e-1","source":"/demo/x",\
        "data":{"id":"no"},"enrichment":{"store":{"type":"other"}}}"""
            .getBytes(UTF_8);
    byte[] altered = new String(enriched, UTF_8).replace("no", "on").getBytes(UTF_8);

    assertThat(Envelope.read(enriched))
        .isEqualTo(new Envelope("e-1", "/demo/x", "store-1", "cart.viewed"));
    assertThat(Envelope.checksum(enriched)).isEqualTo(Envelope.checksum(sent)).isNotZero();
    assertThat(Envelope.checksum(altered)).isNotEqualTo(Envelope.checksum(sent));
    assertThat(Envelope.read("[1".getBytes(UTF_8))).isEqualTo(new Envelope("", "", "", ""));
    assertThat(Envelope.checksum(new byte[0])).isZero();
  }
}
