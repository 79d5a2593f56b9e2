package io.eventpipeline.job.clickhouse;

import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.util.List;
import java.util.stream.Collectors;

/** The statements about a block. */
final class BlockSql {
  private BlockSql() {}

  /**
   * What stands between {@code INSERT INTO} and {@code FORMAT}: the rows pass through a SELECT,
   * which adds the commit id and asks for the fence.
   *
   * <p>A LowCardinality column is read as the String that stands in the row, and its dictionary is
   * made when the block is written: made value by value while the row is read it cost a fifth of an
   * insert (84 ms of CPU, not 67, for 9,700 rows of {@code events_processed}).
   *
   * @param fenced commit id of the block whose fence keeps the rows out, mostly the block's own
   */
  static String insertTarget(String database, Block block, String fenced, long epoch) {
    String names =
        block.columns().stream().map(BlockColumn::name).collect(Collectors.joining(", "));
    String structure =
        block.columns().stream()
            .map(column -> column.name() + " " + plain(column.type()))
            .collect(Collectors.joining(", "));
    return database
        + "."
        + block.table()
        + " ("
        + names
        + ", _commit_id) SELECT "
        + names
        + ", "
        + quote(block.commitId())
        + " FROM input("
        + quote(structure)
        + ") WHERE (SELECT count() FROM "
        + fences(database)
        + " WHERE commit_id = "
        + quote(fenced)
        + " AND epoch > "
        + epoch
        + ") = 0";
  }

  private static String plain(String type) {
    return type.equals("LowCardinality(String)") ? "String" : type;
  }

  static String highestFence(String database, Block block) {
    return "SELECT max(epoch) FROM "
        + fences(database)
        + " WHERE commit_id = "
        + quote(block.commitId());
  }

  static String fence(String database, Block block, long epoch) {
    return "INSERT INTO "
        + fences(database)
        + " (commit_id, epoch) VALUES ("
        + quote(block.commitId())
        + ", "
        + epoch
        + ")";
  }

  private static String fences(String database) {
    return database + ".sink_fences";
  }

  /**
   * Condition on {@code system.processes}. The ids of all inserts of a block begin with its own.
   */
  static String inserts(Block block) {
    return "startsWith(query_id, " + quote(block.commitId()) + ") AND user = currentUser()";
  }

  static String landed(String database, Block block) {
    return "SELECT _row_no, count() FROM "
        + database
        + "."
        + block.table()
        + " WHERE _commit_id = "
        + quote(block.commitId())
        + inPartition(block)
        + " GROUP BY _row_no";
  }

  static String commits(String database, String table, String prefix) {
    return "SELECT DISTINCT _commit_id FROM "
        + database
        + "."
        + table
        + " WHERE startsWith(_commit_id, "
        + quote(prefix)
        + ")";
  }

  /**
   * Numbers of those of our rows whose sorting key another row of the table has, with a higher
   * version, or with the same and later than ours. Only the key's columns of our rows are sent, the
   * table is read by its primary key.
   *
   * <p>Later is what was sealed later, and what stands behind in the same block. Of rows of one
   * version, or without any, the engine keeps the one that was inserted last. One that is there and
   * not later says nothing about ours, which may never have landed: so ours is inserted.
   *
   * @param columns of our rows that are sent, {@code _row_no} last
   * @param rows values as {@link RowBinary#raw} in hexadecimal, {@code ,} between columns and
   *     {@code ;} between rows
   */
  static String replaced(
      String database, Block block, TableLayout layout, List<BlockColumn> columns, String rows) {
    String key = "tuple(" + layout.sortingKey() + ")";
    String version = layout.versionColumn();
    StringBuilder ours = new StringBuilder("SELECT " + quote(block.commitId()) + " AS _commit_id");
    for (int i = 0; i < columns.size(); i++) {
      String value = "unhex(_sink_values[" + (i + 1) + "])";
      String type = columns.get(i).type();
      ours.append(", ")
          .append(
              RowBinary.isText(type) ? value : "reinterpret(" + value + ", " + quote(type) + ")")
          .append(" AS ")
          .append(columns.get(i).name());
    }
    ours.append(" FROM (SELECT splitByChar(',', arrayJoin(splitByChar(';', ")
        .append(quote(rows))
        .append("))) AS _sink_values)");
    // Without a version what was sealed before is of no interest, and most parts are left out
    String since = version.isEmpty() ? " AND _commit_id >= " + quote(block.commitId()) : "";
    String rank = "(" + (version.isEmpty() ? "0" : version) + ", toString(_commit_id), _row_no)";
    return "WITH _sink_ours AS (SELECT "
        + key
        + " AS _sink_key, _row_no, "
        + rank
        + " AS _sink_rank FROM ("
        + ours
        + ")) SELECT ours._row_no FROM _sink_ours AS ours INNER JOIN (SELECT "
        + key
        + " AS _sink_key, max("
        + rank
        + ") AS _sink_rank FROM "
        + database
        + "."
        + block.table()
        + " WHERE "
        + key
        + " IN (SELECT _sink_key FROM _sink_ours)"
        + inPartition(block)
        + since
        + " GROUP BY _sink_key) AS theirs ON ours._sink_key = theirs._sink_key"
        + " WHERE theirs._sink_rank > ours._sink_rank";
  }

  private static String inPartition(Block block) {
    return block.partition().isEmpty() ? "" : " AND " + block.partition();
  }

  static String columns(String database, String table) {
    return "SELECT name, type FROM system.columns WHERE database = "
        + quote(database)
        + " AND table = "
        + quote(table)
        + " AND default_kind NOT IN ('ALIAS', 'MATERIALIZED')"
        + " ORDER BY position";
  }

  /** Engine, its arguments, partition key, sorting key, key columns; no row without a table. */
  static String layout(String database, String table) {
    String here = "database = " + quote(database) + " AND ";
    return "SELECT engine, engine_full, partition_key, sorting_key,"
        + " (SELECT arrayStringConcat(groupArray(name), ',') FROM system.columns WHERE "
        + here
        + "table = "
        + quote(table)
        + " AND is_in_sorting_key) FROM system.tables WHERE "
        + here
        + "name = "
        + quote(table);
  }

  static String quote(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
