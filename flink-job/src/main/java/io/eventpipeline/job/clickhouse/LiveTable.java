package io.eventpipeline.job.clickhouse;

import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares a mapping with the table as it is. */
final class LiveTable {
  private LiveTable() {}

  /**
   * The columns of a block for this mapping, with the live types and {@code _row_no} last.
   *
   * @throws TableMismatchException naming every column that does not fit
   */
  static List<BlockColumn> check(Server server, String database, TableMapping<?> mapping)
      throws BlockFailure, InterruptedException {
    String table = database + "." + mapping.table();
    Map<String, String> live = new HashMap<>();
    server.columns(mapping.table()).forEach(column -> live.put(column.name(), column.type()));
    if (live.isEmpty()) {
      throw new TableMismatchException("there is no table " + table);
    }
    List<String> problems = new ArrayList<>();
    List<BlockColumn> columns = new ArrayList<>();
    for (Column<?> column : mapping.columns()) {
      String found = live.get(column.name());
      if (found == null) {
        problems.add(column.name() + ": expected " + column.type() + ", not in the table");
      } else if (!column.accepts(found)) {
        problems.add(column.name() + ": expected " + column.type() + ", found " + found);
      }
      columns.add(new BlockColumn(column.name(), found));
    }
    expect(live, "_row_no", List.of("UInt32"), problems);
    expect(live, "_commit_id", List.of("String", "LowCardinality(String)"), problems);
    String key = server.partitionKey(mapping.table());
    if (!key.equals(mapping.partitionExpression())) {
      problems.add(
          "partition key: expected '" + mapping.partitionExpression() + "', found '" + key + "'");
    }
    if (!problems.isEmpty()) {
      throw new TableMismatchException(table + " does not fit: " + String.join("; ", problems));
    }
    columns.add(new BlockColumn("_row_no", "UInt32"));
    return List.copyOf(columns);
  }

  private static void expect(
      Map<String, String> live, String name, List<String> types, List<String> problems) {
    String found = live.get(name);
    if (found == null || !types.contains(found)) {
      problems.add(
          name
              + ": expected "
              + String.join(" or ", types)
              + ", "
              + (found == null ? "not in the table" : "found " + found));
    }
  }
}
