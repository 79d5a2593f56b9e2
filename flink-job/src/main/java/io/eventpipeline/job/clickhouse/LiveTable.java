package io.eventpipeline.job.clickhouse;

import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    TableLayout layout = server.layout(mapping.table());
    String key = layout.partitionKey();
    if (!key.equals(mapping.partitionExpression())) {
      problems.add(
          "partition key: expected '" + mapping.partitionExpression() + "', found '" + key + "'");
    }
    expectRowsToBeFoundAgain(layout, mapping, problems);
    if (!problems.isEmpty()) {
      throw new TableMismatchException(table + " does not fit: " + String.join("; ", problems));
    }
    columns.add(new BlockColumn("_row_no", "UInt32"));
    return List.copyOf(columns);
  }

  /**
   * A row must be found by its commit id, or by its sorting key once another row has replaced it.
   * An engine that adds rows up or cancels them out leaves neither.
   */
  private static void expectRowsToBeFoundAgain(
      TableLayout layout, TableMapping<?> mapping, List<String> problems) {
    if (layout.keepsRows()) {
      return;
    }
    if (!layout.replacesRows()) {
      problems.add("engine: expected MergeTree or ReplacingMergeTree, found " + layout.engine());
      return;
    }
    Set<String> filled = new HashSet<>(List.of("_commit_id", "_row_no"));
    mapping.columns().forEach(column -> filled.add(column.name()));
    List<String> needed = new ArrayList<>(layout.keyColumns());
    if (needed.isEmpty()) {
      problems.add("sorting key: expected one, as rows that share it replace each other");
    }
    if (!layout.versionColumn().isEmpty()) {
      needed.add(layout.versionColumn());
    }
    needed.removeAll(filled);
    if (!needed.isEmpty()) {
      problems.add("sorting key and version: not filled by the mapping: " + needed);
    }
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
