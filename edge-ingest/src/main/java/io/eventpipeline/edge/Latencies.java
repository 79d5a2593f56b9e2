package io.eventpipeline.edge;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A histogram of durations from 1 µs to over an hour with buckets 1/8 of a power of two wide: a
 * percentile is at most 12.5 % too high. Recording is safe on any thread and allocates nothing.
 */
final class Latencies {
  private static final int SUB_BITS = 3;
  private static final int SUBS = 1 << SUB_BITS;
  private static final int POWERS = 33;

  private final AtomicLongArray buckets = new AtomicLongArray(POWERS * SUBS);

  void record(long nanos) {
    buckets.incrementAndGet(bucket(Math.max(0, nanos / 1_000)));
  }

  private static int bucket(long micros) {
    if (micros < SUBS) {
      return (int) micros;
    }
    int power = 63 - Long.numberOfLeadingZeros(micros);
    int sub = (int) (micros >>> (power - SUB_BITS)) & (SUBS - 1);
    return Math.min((power - SUB_BITS + 1) * SUBS + sub, POWERS * SUBS - 1);
  }

  /** First duration above the bucket, µs. */
  private static long upperMicros(int bucket) {
    if (bucket < SUBS) {
      return bucket + 1L;
    }
    int power = bucket / SUBS + SUB_BITS - 1;
    return (SUBS + 1L + bucket % SUBS) << (power - SUB_BITS);
  }

  long[] counts() {
    long[] counts = new long[buckets.length()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = buckets.get(i);
    }
    return counts;
  }

  /** The duration that the share {@code quantile} of {@code counts} stays under, ms; 0 if none. */
  static double percentileMillis(long[] counts, double quantile) {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    long rank = Math.max(1, (long) Math.ceil(total * quantile));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (total > 0 && seen >= rank) {
        return upperMicros(i) / 1_000.0;
      }
    }
    return 0;
  }
}
