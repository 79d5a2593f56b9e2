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
   * @param token for ClickHouse's deduplication, and the query's id; must never have been used
   * @param body RowBinary in a Zstandard frame
   * @throws BlockFailure unless ClickHouse says that it wrote all of them
   */
  void insert(Block block, String token, long epoch, byte[] body, int rows)
      throws BlockFailure, InterruptedException;

  /**
   * Inserts a block that belongs to another one, unless an epoch above {@code epoch} has fenced
   * that.
   *
   * @param of the block that is fenced; its commit id begins that of {@code aside}
   * @throws BlockFailure unless ClickHouse says that it wrote all rows
   */
  void insertAside(Block aside, Block of, String token, long epoch)
      throws BlockFailure, InterruptedException;

  /**
   * Takes the block over: no insert of it, or that belongs to it, with a lower epoch starts any
   * more.
   *
   * @param last epoch that this caller had before, 0 for none
   * @return the caller's new epoch; higher than every one that was ever seen for this block
   */
  long fence(Block block, long last) throws BlockFailure, InterruptedException;

  /** Ends all running inserts of this block and what belongs to it; returns once there are none. */
  void kill(Block block) throws BlockFailure, InterruptedException;

  /** The rows of this block that the table holds; copies counted once and reported. */
  Landed landed(Block block) throws BlockFailure, InterruptedException;

  /**
   * Those of the missing rows that a merge may have taken: another row with the same sorting key is
   * there, which the engine prefers. None when the table's engine keeps every row.
   */
  BitSet replaced(Block block, BlockRows rows, BitSet missing)
      throws BlockFailure, InterruptedException;

  /** Commit ids in a table that begin like this. */
  List<String> commits(String table, String prefix) throws BlockFailure, InterruptedException;

  /** Live columns of a table in order; empty when there is no such table. */
  List<BlockColumn> columns(String table) throws BlockFailure, InterruptedException;

  /** Engine and keys of a table. */
  TableLayout layout(String table) throws BlockFailure, InterruptedException;

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
