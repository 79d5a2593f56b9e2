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
 * nothing is missing or an insert of what is missing has answered cleanly:
 *
 * <ol>
 *   <li>fence: no earlier try that is still on its way may start any more;
 *   <li>kill: no earlier try that has started still runs;
 *   <li>count by {@code _commit_id} in the table itself: from here on nobody else adds rows;
 *   <li>of the rows not found, leave out those that were set aside, and those for which, in a table
 *       that replaces rows, another with the same sorting key stands: a merge has taken them, or
 *       would;
 *   <li>insert the rest, and only that, under a token that was never used.
 * </ol>
 *
 * <p>A clean answer to a token that was never used means written, as it does for the first try; it
 * is not counted again, since a merge may already have replaced rows. ClickHouse's word that an
 * insert was a duplicate is never taken for "it is there": its answer even reports the rows as
 * written (measured on 26.7.2), which is why no token is sent twice.
 */
final class BlockLander {
  private static final Logger LOG = LoggerFactory.getLogger(BlockLander.class);
  private static final long BACKOFF_FIRST_MILLIS = 100;

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
   * @throws BlockFailure of class STOP or RESTART: the block has not landed and nothing was dropped
   */
  void land(Block block, boolean inDoubt) throws BlockFailure, InterruptedException {
    if (!inDoubt) {
      try {
        server.insert(block, block.commitId(), 0, block.body(), block.rows());
        return;
      } catch (BlockFailure e) {
        passOn(e, block);
        LOG.warn("first try of {}: {}", block, e.getMessage());
      }
    }
    metrics.doubts.increment();
    Resolution resolution = new Resolution(block);
    for (int tries = 1; !resolution.step(); tries++) {
      backOff(tries);
    }
  }

  /** What is not for this class to cure. */
  private static void passOn(BlockFailure e, Block block) throws BlockFailure {
    if (e.errorClass() == ErrorClass.STOP || e.errorClass() == ErrorClass.RESTART) {
      throw new BlockFailure(
          e.errorClass(), e.code(), block + " cannot land: " + e.getMessage(), e);
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
    private int inserts;
    private long copies;

    Resolution(Block block) {
      this.block = block;
      this.rejected = new BitSet(block.rows());
    }

    /** One round of fence, kill, count, insert; true when nothing is missing any more. */
    boolean step() throws BlockFailure, InterruptedException {
      try {
        epoch = server.fence(block, epoch);
        server.kill(block);
        insert(missing());
        return true;
      } catch (BlockFailure e) {
        passOn(e, block);
        LOG.warn("{} stays in doubt: {}", block, e.getMessage());
        return false;
      }
    }

    /** What has to be inserted; asks ClickHouse each time. */
    private BitSet missing() throws BlockFailure, InterruptedException {
      Server.Landed landed = server.landed(block);
      report(landed.copies());
      BitSet missing = new BitSet(block.rows());
      missing.set(0, block.rows());
      missing.andNot(landed.rows());
      missing.andNot(rejected);
      if (missing.isEmpty()) {
        return missing;
      }
      rejected.or(rejections.known(block, server));
      missing.andNot(rejected);
      if (rows == null) {
        rows = block.open();
      }
      BitSet replaced = server.replaced(block, rows, missing);
      missing.andNot(replaced);
      metrics.replacedRows.add(replaced.cardinality());
      LOG.info(
          "{}: {} rows are there, {} were replaced, {} refused, {} are missing",
          block,
          landed.rows().cardinality(),
          replaced.cardinality(),
          rejected.cardinality(),
          missing.cardinality());
      return missing;
    }

    private void report(long found) {
      if (found > copies) {
        metrics.copies.add(found - copies);
        copies = found;
        LOG.error("{} rows of {} are there more than once", found, block);
      }
    }

    private void insert(BitSet wanted) throws BlockFailure, InterruptedException {
      int count = wanted.cardinality();
      if (count == 0) {
        return;
      }
      try {
        String token = block.commitId() + "-" + epoch + "-" + inserts++;
        server.insert(block, token, epoch, rows.compressed(wanted), count);
        metrics.reinsertedRows.add(count);
      } catch (BlockFailure e) {
        if (e.errorClass() != ErrorClass.DATA) {
          throw e;
        }
        bisect(wanted, e);
      }
    }

    /** A materialized view may have refused what the table already took: so it is asked again. */
    private void bisect(BitSet wanted, BlockFailure why) throws BlockFailure, InterruptedException {
      wanted.and(missing());
      int count = wanted.cardinality();
      if (count == 1) {
        reject(wanted.nextSetBit(0), why);
      } else if (count > 1) {
        metrics.bisections.increment();
        metrics.bisectedRows.add(count);
        BitSet[] halves = halves(wanted, count);
        insert(halves[0]);
        insert(halves[1]);
      }
    }

    /**
     * Under this block's fence: whoever has taken the block over decides about its rows, and may
     * have landed this one.
     */
    private void landAside(Block refused) throws BlockFailure, InterruptedException {
      String token = refused.commitId() + "-" + epoch + "-" + inserts++;
      server.insertAside(refused, block, token, epoch);
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
      try {
        rejections.setAside(block, row, rows.row(row), why, this::landAside);
      } catch (BlockFailure e) {
        // Here too a view may refuse what the table already took
        if (e.errorClass() != ErrorClass.DATA) {
          throw e;
        } else if (!rejections.known(block, server).get(row)) {
          Rejections.STOP.setAside(block, row, rows.row(row), e, this::landAside);
        }
      }
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
}
