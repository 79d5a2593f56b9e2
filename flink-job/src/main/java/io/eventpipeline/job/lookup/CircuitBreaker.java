package io.eventpipeline.job.lookup;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps callers off a backend that fails, so that a dead one costs nothing per event.
 *
 * <p>Closed: every call may go through. After {@code failuresMax} failures in a row it opens; once
 * the pause is over, one call may try, and the pause doubles, up to sixteen times the first, each
 * time that this trial fails. Safe for use by many threads.
 */
final class CircuitBreaker {
  private static final int DOUBLINGS_MAX = 4;

  private final int failuresMax;
  private final long pauseNanos;
  private final LongSupplier nanoTime;
  private int failures;
  private int doublings;
  private long openUntil;
  private boolean trying;

  CircuitBreaker(int failuresMax, Duration pause, LongSupplier nanoTime) {
    this.failuresMax = failuresMax;
    this.pauseNanos = pause.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Whether a call would be let through now; changes nothing. */
  synchronized boolean isClosed() {
    return failures < failuresMax || (!trying && nanoTime.getAsLong() - openUntil >= 0);
  }

  /** Asks to make a call; when true, {@link #succeeded} or {@link #failed} must follow. */
  synchronized boolean tryAcquire() {
    if (failures < failuresMax) {
      return true;
    }
    if (trying || nanoTime.getAsLong() - openUntil < 0) {
      return false;
    }
    trying = true;
    return true;
  }

  synchronized void succeeded() {
    failures = 0;
    doublings = 0;
    trying = false;
  }

  synchronized void failed() {
    trying = false;
    failures++;
    if (failures >= failuresMax) {
      openUntil = nanoTime.getAsLong() + (pauseNanos << doublings);
      doublings = Math.min(doublings + 1, DOUBLINGS_MAX);
    }
  }
}
