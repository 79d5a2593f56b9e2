package io.eventpipeline.job.clickhouse;

import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.time.Clock;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Writes a refused row into another table, as a block of its own.
 *
 * <p>Its commit id is made from the refused row's block and number: so that block's fence keeps it
 * out and a kill of that block's inserts ends it, and who has done both finds it here or knows that
 * it will never be.
 */
final class RejectionTable implements Rejections {
  private final TableMapping<RejectedRow> mapping;
  private final List<BlockColumn> columns;
  private final Clock clock;

  RejectionTable(TableMapping<RejectedRow> mapping, List<BlockColumn> columns, Clock clock) {
    this.mapping = mapping;
    this.columns = columns;
    this.clock = clock;
  }

  @Override
  public void setAside(Block block, int number, byte[] row, BlockFailure why, Aside aside)
      throws BlockFailure, InterruptedException {
    if (block.table().equals(mapping.table())) {
      STOP.setAside(block, number, row, why, aside);
    }
    long now = TimeUnit.MILLISECONDS.toMicros(clock.millis());
    var rejected = new RejectedRow(block, row, why.code(), why.getMessage(), now);
    // No partition: after a restart it may be another month
    var builder = new BlockBuilder(mapping.table(), "", columns);
    builder.add(mapping, rejected);
    aside.land(builder.seal(prefix(block) + number, block.restoredFrom()));
  }

  @Override
  public BitSet known(Block block, Server server) throws BlockFailure, InterruptedException {
    BitSet rows = new BitSet();
    if (!block.table().equals(mapping.table())) {
      String prefix = prefix(block);
      server
          .commits(mapping.table(), prefix)
          .forEach(commit -> rows.set(Integer.parseInt(commit.substring(prefix.length()))));
    }
    return rows;
  }

  private static String prefix(Block block) {
    return block.commitId() + "-x";
  }
}
