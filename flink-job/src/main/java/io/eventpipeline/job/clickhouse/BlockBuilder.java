package io.eventpipeline.job.clickhouse;

import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.util.Arrays;
import java.util.List;

/** Rows of one table and partition on their way to become a {@link Block}. Not thread-safe. */
final class BlockBuilder {
  private final String table;
  private final String partition;
  private final List<BlockColumn> columns;
  private final RowBuffer body = new RowBuffer(16 * 1024);
  private final RowBuffer lengths = new RowBuffer(256);
  private int rows;

  /**
   * Without rows yet.
   *
   * @param columns with {@code _row_no} last
   */
  BlockBuilder(String table, String partition, List<BlockColumn> columns) {
    this.table = table;
    this.partition = partition;
    this.columns = columns;
  }

  /** Appends a row; when its mapping throws, the block is as before. */
  <T> void add(TableMapping<T> mapping, T row) {
    int start = body.size();
    try {
      mapping.write(row, body);
      body.int32(rows);
    } catch (RuntimeException e) {
      body.truncate(start);
      throw e;
    }
    lengths.varint(body.size() - start);
    rows++;
  }

  int rows() {
    return rows;
  }

  int bytes() {
    return body.size();
  }

  Block seal(String commitId, long restoredFrom) {
    return new Block(
        table,
        partition,
        commitId,
        restoredFrom,
        columns,
        rows,
        Arrays.copyOf(lengths.array(), lengths.size()),
        body.size(),
        ZstdFrame.compress(body.array(), body.size()));
  }
}
