package io.eventpipeline.job;

import java.time.Duration;
import org.apache.flink.core.memory.MemorySegmentFactory;
import org.apache.flink.runtime.operators.util.BloomFilter;
import org.apache.flink.util.MathUtils;

/**
 * Tells of most new identities that they are new. State could say so only after a look into each of
 * its files, and nearly every event has a new identity.
 *
 * <p>Two Bloom filters: what came in this time to live, and what came in the one before. "New" is
 * certain, as a filter forgets nothing that it was given, but is only said once the filters know
 * everything that state may remember: from the start in a job without a past, and one time to live
 * after the start in one that was restored. What is not new for certain must be looked up. So must
 * ever more of what is new when more comes than the filters have room for; then they save less, and
 * nothing breaks. Used by the task's thread.
 */
final class RecentIdentities {
  /**
   * One in eighteen new identities is looked up in vain, by four places in memory. With ten bits it
   * would be one in a hundred by seven places, but of four times as many identities twice as many
   * as with six.
   */
  private static final int BITS_AN_IDENTITY = 6;

  private final long ttlNanos;
  private BloomFilter current;
  private BloomFilter previous;
  private long begunNanos;
  private boolean knowsAll;

  /**
   * Filters that know nothing yet.
   *
   * @param bytes heap for both; 1.5 for each identity in a time to live
   * @param ttl for how long state remembers an identity
   * @param knowsAll whether state is empty, too
   * @param nowNanos as of {@link System#nanoTime}, here and below
   */
  RecentIdentities(int bytes, Duration ttl, boolean knowsAll, long nowNanos) {
    this.ttlNanos = ttl.toNanos();
    this.knowsAll = knowsAll;
    this.begunNanos = nowNanos;
    current = filter(bytes / 2);
    previous = filter(bytes / 2);
  }

  private static BloomFilter filter(int bytes) {
    BloomFilter filter = new BloomFilter(bytes / BITS_AN_IDENTITY * Byte.SIZE, bytes);
    filter.setBitsLocation(MemorySegmentFactory.allocateUnpooledSegment(bytes), 0);
    return filter;
  }

  /**
   * Notes the identity.
   *
   * @return whether it certainly did not come within a time to live before
   */
  boolean isNew(String identity, long nowNanos) {
    if (nowNanos - begunNanos >= ttlNanos) {
      turn(nowNanos);
    }
    // Two with the same hash are looked up, so nobody gains anything by choosing them
    int hash = MathUtils.murmurHash(identity.hashCode());
    boolean isNew = knowsAll && !current.testHash(hash) && !previous.testHash(hash);
    current.addHash(hash);
    return isNew;
  }

  /** What only the older filter knows came more than a time to live ago. */
  private void turn(long nowNanos) {
    BloomFilter oldest = previous;
    previous = current;
    current = oldest;
    current.reset();
    begunNanos = nowNanos;
    knowsAll = true;
  }
}
