package io.eventpipeline.job.clickhouse;

import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.util.List;
import java.util.stream.IntStream;

/** Blocks for tests. */
final class Blocks {
  static final List<BlockColumn> COLUMNS =
      List.of(
          new BlockColumn("id", "String"),
          new BlockColumn("at", "DateTime64(3, 'UTC')"),
          new BlockColumn("value", "UInt8"),
          new BlockColumn("data", "JSON"),
          new BlockColumn("_row_no", "UInt32"));

  private Blocks() {}

  static Block of(String table, String commitId, List<Reading> rows) {
    var builder = new BlockBuilder(table, "toYYYYMM(at) = 202611", COLUMNS);
    rows.forEach(row -> builder.add(Reading.mapping(table), row));
    return builder.seal(commitId, -1);
  }

  static Block of(String table, String commitId, int rows) {
    return of(table, commitId, IntStream.range(0, rows).mapToObj(Reading::of).toList());
  }
}
