package io.eventpipeline.job.clickhouse;

import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.util.BitSet;
import java.util.List;

/**
 * What the sink asks of ClickHouse. Every call blocks, ends within its timeout, and may be
 * interrupted.
 */
interface Server extends AutoCloseable {
  /**
   * Inserts {@code rows} rows of {@code body}, unless an epoch above {@code epoch} has fenced the
   * block.
   *
   * @param token for ClickHouse's deduplication, and the query's id
   * @param body RowBinary in a Zstandard frame
   * @throws BlockFailure unless ClickHouse says that it wrote exactly {@code rows}
   */
  void insert(Block block, String token, long epoch, byte[] body, int rows)
      throws BlockFailure, InterruptedException;

  /** Lets no insert of this block with an epoch below {@code epoch} start any more. */
  void fence(Block block, long epoch) throws BlockFailure, InterruptedException;

  /** Ends all running inserts of this block; returns once there are none. */
  void kill(Block block) throws BlockFailure, InterruptedException;

  /** The rows of this block that the table holds; copies counted once and reported. */
  Landed landed(Block block) throws BlockFailure, InterruptedException;

  /** Live columns of a table in order; empty when there is no such table. */
  List<BlockColumn> columns(String table) throws BlockFailure, InterruptedException;

  /** Partition key of a table as ClickHouse prints it. */
  String partitionKey(String table) throws BlockFailure, InterruptedException;

  @Override
  void close();

  /**
   * What a count found.
   *
   * @param rows numbers of the rows that are there
   * @param copies rows that are there more than once
   */
  record Landed(BitSet rows, long copies) {}
}
