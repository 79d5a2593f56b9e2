package io.eventpipeline.job.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import io.eventpipeline.config.Secret;
import io.eventpipeline.services.ClickHouseServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A database of a test's own on the real server; statements run as the administrator. */
final class TestDatabase implements AutoCloseable {
  private final ClickHouseServer server;
  private final String name;
  private final Client admin;

  /** Empties the database first. */
  TestDatabase(ClickHouseServer server, String name) {
    this.server = server;
    this.name = name;
    this.admin =
        new Client.Builder()
            .addEndpoint(server.httpUrl())
            .setUsername(ClickHouseServer.ADMIN)
            .setPassword(server.password(ClickHouseServer.ADMIN))
            .setMaxRetries(0)
            .build();
    query("DROP DATABASE IF EXISTS " + name + " SYNC");
    query("CREATE DATABASE " + name + " ENGINE = Atomic");
    query(
        "CREATE TABLE "
            + name
            + ".sink_fences (commit_id String, epoch UInt64)"
            + " ENGINE = MergeTree ORDER BY commit_id");
  }

  /** The tests' own table without merges, so that every row ever inserted can be counted. */
  void readings(String table, String engine, int window) {
    query(
        "CREATE TABLE "
            + name
            + "."
            + table
            + " ("
            + Reading.COLUMNS
            + ") ENGINE = "
            + engine
            + " PARTITION BY toYYYYMM(at) ORDER BY id"
            + " SETTINGS non_replicated_deduplication_window = "
            + window);
    query("SYSTEM STOP MERGES " + name + "." + table);
  }

  /** A view that adds up what a table is given: {@link #sums} reads it. */
  void summed(String table, int window) {
    query(
        "CREATE TABLE "
            + name
            + "."
            + table
            + "_sums (month UInt32, n UInt64, total UInt64) ENGINE = SummingMergeTree"
            + " ORDER BY month SETTINGS non_replicated_deduplication_window = "
            + window);
    query(
        "CREATE MATERIALIZED VIEW "
            + name
            + "."
            + table
            + "_view TO "
            + name
            + "."
            + table
            + "_sums AS SELECT toYYYYMM(at) AS month, count() AS n, sum(value) AS total FROM "
            + name
            + "."
            + table
            + " GROUP BY month");
  }

  /** Rows and sum of their values, as the view has them. */
  String sums(String table) {
    return one("SELECT sum(n), sum(total) FROM " + name + "." + table + "_sums");
  }

  ClickHouseConfig config() {
    return config(Duration.ofSeconds(20));
  }

  /**
   * As {@link #config()}.
   *
   * @param insertTimeout after it an insert without an answer is in doubt
   */
  ClickHouseConfig config(Duration insertTimeout) {
    return new ClickHouseConfig(
        server.httpUrl(),
        ClickHouseServer.PIPELINE,
        new Secret(server.password(ClickHouseServer.PIPELINE)),
        name,
        ClickHouseConfig.BLOCK_ROWS_MAX,
        ClickHouseConfig.BLOCK_BYTES_MAX,
        ClickHouseConfig.BUFFERED_BYTES_MAX,
        2,
        insertTimeout,
        Duration.ofMillis(500),
        100);
  }

  /** Rows of the answer, columns separated by tabs. */
  @SuppressWarnings("try") // close() is declared to throw anything
  List<String> query(String sql) {
    var settings = new QuerySettings().setFormat(ClickHouseFormat.TSVRaw).waitEndOfQuery(true);
    try (QueryResponse response = admin.query(sql, settings).get()) {
      return new String(response.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    } catch (Exception e) {
      throw new IllegalStateException(sql, e);
    }
  }

  String one(String sql) {
    List<String> rows = query(sql);
    if (rows.size() != 1) {
      throw new IllegalStateException(sql + " answered " + rows);
    }
    return rows.get(0);
  }

  long count(String table) {
    return Long.parseLong(one("SELECT count() FROM " + name + "." + table));
  }

  String name() {
    return name;
  }

  @Override
  public void close() {
    admin.close();
  }
}
