package io.eventpipeline.job.clickhouse;

import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.time.Clock;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Writes a refused row into another table, as a block of its own.
 *
 * <p>Its commit id is made from the refused row's, so that after a crash the same row makes the
 * same block: it is looked for before it is inserted and lands once. A refused row that is refused
 * there too stops the job.
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
  public void setAside(Block block, int number, byte[] row, BlockFailure why, BlockLander lander)
      throws BlockFailure, InterruptedException {
    if (block.table().equals(mapping.table())) {
      STOP.setAside(block, number, row, why, lander);
    }
    long now = TimeUnit.MILLISECONDS.toMicros(clock.millis());
    var rejected = new RejectedRow(block, row, why.code(), why.getMessage(), now);
    // The partition is not part of what is looked for: after a restart it may be another month
    var builder = new BlockBuilder(mapping.table(), "", columns);
    builder.add(mapping, rejected);
    lander.land(builder.seal(prefix(block) + number, block.restoredFrom()), true);
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
