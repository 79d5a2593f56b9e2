package io.eventpipeline.job.clickhouse;

import java.util.List;

/**
 * The committable: rows of one table and one partition, sealed. Nothing about it changes any more,
 * so every try inserts the same rows with the same numbers.
 *
 * @param table without the database
 * @param partition condition that only rows of this partition fulfil, {@code toYYYYMM(t) = 202611};
 *     {@code ""} when the table is not partitioned
 * @param commitId unique through restarts; starts with the time of sealing, so that it rises
 * @param restoredFrom checkpoint that the writer was restored from, -1 for none. A committer that
 *     was restored from another one did not see this block's first try, if there was one
 * @param columns of the body in order, the last one is {@code _row_no}
 * @param rows how many; numbered from 0
 * @param lengths bytes of each row as unsigned LEB128, one after the other
 * @param bodyBytes size of the body before compression
 * @param body RowBinary as one Zstandard frame
 */
record Block(
    String table,
    String partition,
    String commitId,
    long restoredFrom,
    List<BlockColumn> columns,
    int rows,
    byte[] lengths,
    int bodyBytes,
    byte[] body) {

  /**
   * A column of the body.
   *
   * @param type as in the live table when the writer opened
   */
  record BlockColumn(String name, String type) {}

  /** When it was sealed, by the clock of the writer. */
  long sealedAtMillis() {
    return Long.parseLong(commitId.substring(0, commitId.indexOf('-')));
  }

  /** The rows again, uncompressed. */
  BlockRows open() {
    return BlockRows.of(this);
  }

  @Override
  public String toString() {
    return table + " " + commitId + " (" + rows + " rows)";
  }
}
