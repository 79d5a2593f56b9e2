package io.eventpipeline.launcher.load;

import java.util.concurrent.TimeUnit;

/**
 * Keeps sends to a rate. Up to a twentieth of a second's sends may follow each other without a
 * pause, so that a batch is not torn apart. One thread.
 */
final class TokenBucket {
  private final double perNano;
  private final double burst;
  private double tokens;
  private long filledNanos;

  /**
   * A full bucket.
   *
   * @param perSecond sends in a second; 0 = as fast as they are taken
   */
  TokenBucket(long perSecond, long nowNanos) {
    this.perNano = perSecond / 1e9;
    this.burst = Math.max(1, perSecond / 20.0);
    this.tokens = burst;
    this.filledNanos = nowNanos;
  }

  /** Waits for the next send's turn. */
  void take() throws InterruptedException {
    if (perNano == 0) {
      return;
    }
    for (long wait = tryTake(System.nanoTime()); wait > 0; wait = tryTake(System.nanoTime())) {
      TimeUnit.NANOSECONDS.sleep(wait);
    }
  }

  /** Takes a turn and answers 0, or answers after how many nanoseconds there will be one. */
  long tryTake(long nowNanos) {
    tokens = Math.min(burst, tokens + (nowNanos - filledNanos) * perNano);
    filledNanos = nowNanos;
    if (tokens >= 1) {
      tokens--;
      return 0;
    }
    return (long) Math.ceil((1 - tokens) / perNano);
  }
}
