package io.eventpipeline.job.clickhouse;

import java.util.BitSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one block into its table, whatever happens on the way. Thread-safe.
 *
 * <p>First try: one insert under the commit id. When its answer leaves any doubt, these steps until
 * a count says that every row is there:
 *
 * <ol>
 *   <li>fence: no earlier try that is still on its way may start any more;
 *   <li>kill: no earlier try that has started still runs;
 *   <li>count by {@code _commit_id} in the table itself: from here on nobody else adds rows;
 *   <li>insert the rows that are missing, and only those, under a token that was never used.
 * </ol>
 *
 * <p>ClickHouse's word that an insert was a duplicate is never taken for "it is there": its answer
 * even reports the rows as written (measured on 26.7.2).
 */
final class BlockLander {
  private static final Logger LOG = LoggerFactory.getLogger(BlockLander.class);
  private static final long BACKOFF_FIRST_MILLIS = 100;

  /**
   * Clean inserts after which rows that a count still misses are known to have been merged away.
   */
  private static final int CLEAN_TRIES_MAX = 3;

  private final Server server;
  private final ClickHouseConfig config;
  private final SinkMetrics metrics;
  private final Rejections rejections;

  BlockLander(Server server, ClickHouseConfig config, SinkMetrics metrics, Rejections rejections) {
    this.server = server;
    this.config = config;
    this.metrics = metrics;
    this.rejections = rejections;
  }

  /**
   * Returns when every row is in the table or set aside.
   *
   * @param inDoubt another committer may have tried before
   * @throws BlockFailure of class STOP: the block has not landed and nothing was dropped
   */
  void land(Block block, boolean inDoubt) throws BlockFailure, InterruptedException {
    if (!inDoubt) {
      try {
        server.insert(block, block.commitId(), 0, block.body(), block.rows());
        return;
      } catch (BlockFailure e) {
        refuseStop(e, block);
        LOG.warn("first try of {}: {}", block, e.getMessage());
      }
    }
    metrics.doubts.increment();
    Outages outages = Outages.of(config.url());
    Resolution resolution = new Resolution(block);
    boolean waiting = false;
    try {
      for (int tries = 1; !resolution.step(); tries++) {
        if (resolution.unwell && !waiting) {
          waiting = true;
          outages.begin();
        }
        if (resolution.unwell) {
          backOff(tries);
        }
      }
    } finally {
      if (waiting) {
        outages.end();
      }
    }
  }

  private static void refuseStop(BlockFailure e, Block block) throws BlockFailure {
    if (e.errorClass() == ErrorClass.STOP) {
      throw new BlockFailure(
          ErrorClass.STOP, e.code(), block + " cannot land: " + e.getMessage(), e);
    }
  }

  /** Full jitter between half and the whole of a wait that doubles. */
  private void backOff(int tries) throws InterruptedException {
    long ceiling =
        Math.min(
            config.retryBackoffMax().toMillis(), BACKOFF_FIRST_MILLIS << Math.min(tries - 1, 20));
    TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1));
  }

  /** The state of one block between steps. */
  private final class Resolution {
    private final Block block;
    private final BitSet rejected;
    private BlockRows rows;
    private long epoch;
    private int cleanTries;
    private boolean unwell;

    Resolution(Block block) {
      this.block = block;
      this.rejected = new BitSet(block.rows());
    }

    /** One round of fence, kill, count, insert; true when the count found everything. */
    boolean step() throws BlockFailure, InterruptedException {
      try {
        epoch = nextEpoch(epoch);
        server.fence(block, epoch);
        server.kill(block);
        Server.Landed landed = server.landed(block);
        unwell = false;
        if (landed.copies() > 0) {
          metrics.copies.add(landed.copies());
          LOG.error("{} rows of {} are there more than once", landed.copies(), block);
        }
        BitSet missing = new BitSet(block.rows());
        missing.set(0, block.rows());
        missing.andNot(landed.rows());
        missing.andNot(rejected);
        if (missing.isEmpty()) {
          return true;
        }
        if (cleanTries == CLEAN_TRIES_MAX) {
          // Written under three fresh tokens and gone each time: a TTL or a newer row took them
          LOG.warn("{} rows of {} were merged away", missing.cardinality(), block);
          return true;
        }
        LOG.info("{} of {} rows of {} are missing", missing.cardinality(), block.rows(), block);
        insert(missing);
        cleanTries++;
        return false;
      } catch (BlockFailure e) {
        refuseStop(e, block);
        LOG.warn("{} stays in doubt: {}", block, e.getMessage());
        unwell = true;
        return false;
      }
    }

    private void insert(BitSet wanted) throws BlockFailure, InterruptedException {
      if (rows == null) {
        rows = block.open();
      }
      int count = wanted.cardinality();
      int first = wanted.nextSetBit(0);
      try {
        String token = block.commitId() + "-" + epoch + "-" + first + "-" + count;
        server.insert(block, token, epoch, rows.compressed(wanted), count);
        metrics.reinsertedRows.add(count);
      } catch (BlockFailure e) {
        if (e.errorClass() != ErrorClass.DATA) {
          throw e;
        }
        if (count == 1) {
          reject(first, e);
          return;
        }
        metrics.bisections.increment();
        BitSet[] halves = halves(wanted, count);
        insert(halves[0]);
        insert(halves[1]);
      }
    }

    private void reject(int row, BlockFailure why) throws BlockFailure, InterruptedException {
      if (rejected.cardinality() >= config.rejectedRowsMax()) {
        throw new BlockFailure(
            ErrorClass.STOP,
            why.code(),
            "more than "
                + config.rejectedRowsMax()
                + " rows of "
                + block
                + " are refused, so it"
                + " is not the rows: "
                + why.getMessage(),
            why);
      }
      rejections.setAside(block, row, rows.row(row), why, BlockLander.this);
      rejected.set(row);
      metrics.rejectedRows.increment();
    }
  }

  /** The first half of the set bits and the rest. */
  static BitSet[] halves(BitSet wanted, int count) {
    BitSet left = new BitSet();
    BitSet right = new BitSet();
    int seen = 0;
    for (int row = wanted.nextSetBit(0); row >= 0; row = wanted.nextSetBit(row + 1)) {
      (seen++ < count / 2 ? left : right).set(row);
    }
    return new BitSet[] {left, right};
  }

  /**
   * Higher than any before it, here or in another process: milliseconds, then 20 random bits so
   * that two contenders never hold the same.
   */
  private static long nextEpoch(long last) {
    long now = (System.currentTimeMillis() << 20) | ThreadLocalRandom.current().nextInt(1 << 20);
    return Math.max(last + 1, now);
  }
}
