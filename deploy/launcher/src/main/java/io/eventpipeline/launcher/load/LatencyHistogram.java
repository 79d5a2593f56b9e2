package io.eventpipeline.launcher.load;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Waiting times in 16 buckets for each power of two of a microsecond: percentiles are at most 6 %
 * too high, and any number of events costs 8 KB. Any thread.
 */
final class LatencyHistogram {
  private static final int SUB_BITS = 4;
  private static final int SUB = 1 << SUB_BITS;

  private final AtomicLongArray buckets = new AtomicLongArray(64 * SUB);

  /** Adds one waiting time. */
  void record(long nanos) {
    buckets.incrementAndGet(bucket(Math.max(0, nanos / 1_000)));
  }

  /**
   * The shortest time that at least the share {@code quantile} (0..1) of all waits did not exceed;
   * zero when there are none.
   */
  Duration percentile(double quantile) {
    long total = 0;
    for (int i = 0; i < buckets.length(); i++) {
      total += buckets.get(i);
    }
    long rank = Math.max(1, (long) Math.ceil(quantile * total));
    long seen = 0;
    for (int i = 0; i < buckets.length(); i++) {
      seen += buckets.get(i);
      if (total > 0 && seen >= rank) {
        return Duration.ofNanos(upperBoundMicros(i) * 1_000);
      }
    }
    return Duration.ZERO;
  }

  private static int bucket(long micros) {
    if (micros < SUB) {
      return (int) micros;
    }
    int shift = 63 - Long.numberOfLeadingZeros(micros) - SUB_BITS;
    return (shift + 1) * SUB + (int) (micros >>> shift) - SUB;
  }

  private static long upperBoundMicros(int bucket) {
    if (bucket < SUB) {
      return bucket;
    }
    int shift = bucket / SUB - 1;
    return (((long) (bucket % SUB) + SUB + 1) << shift) - 1;
  }
}
