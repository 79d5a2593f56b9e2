package io.eventpipeline.job.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private final AtomicLong nanos = new AtomicLong();
  private final CircuitBreaker breaker = new CircuitBreaker(3, Duration.ofNanos(100), nanos::get);

  @Test
  void opensAfterFailuresInARowAndTriesOnceAfterThePause() {
    fail(2);
    breaker.succeeded();
    fail(2);
    assertThat(breaker.isClosed()).as("a success in between counts").isTrue();
    fail(1);
    assertThat(breaker.isClosed()).isFalse();
    assertThat(breaker.tryAcquire()).isFalse();

    nanos.set(100);
    assertThat(breaker.isClosed()).isTrue();
    assertThat(breaker.tryAcquire()).isTrue();
    assertThat(breaker.tryAcquire()).as("one trial at a time").isFalse();
    assertThat(breaker.isClosed()).isFalse();

    breaker.succeeded();
    assertThat(breaker.tryAcquire()).isTrue();
    assertThat(breaker.tryAcquire()).isTrue();
  }

  @Test
  void waitsLongerAfterEachFailedTrialUpToABound() {
    fail(3);
    long waited = 100;
    for (int trial = 0; trial < 10; trial++) {
      nanos.addAndGet(waited - 1);
      assertThat(breaker.tryAcquire()).isFalse();
      nanos.addAndGet(1);
      assertThat(breaker.tryAcquire()).isTrue();
      breaker.failed();
      waited = Math.min(1_600, waited * 2);
    }
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      breaker.failed();
    }
  }
}
