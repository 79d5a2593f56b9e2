package io.eventpipeline.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithServices(Server.CLICKHOUSE)
class ClickHouseMigrationIT {
  private static final String USER = "admin";
  private static final String PASSWORD = "admin-local";

  private final ServiceKit kit;

  ClickHouseMigrationIT(ServiceKit kit) {
    this.kit = kit;
  }

  @BeforeEach
  void startWithoutTheDatabase() throws SQLException {
    execute("DROP DATABASE IF EXISTS events SYNC");
  }

  @Test
  void makesTheTablesAndViewsAndMayBeRepeated() throws SQLException {
    migrate();
    migrate();

    assertThat(query("SELECT name FROM system.tables WHERE database = 'events' ORDER BY name"))
        .containsExactly(
            "errors",
            "events_errors",
            "events_processed",
            "events_raw",
            "hidden_rows",
            "ledger",
            "pipeline_ledger",
            "processed",
            "raw",
            "schema_history",
            "sink_fences");
    assertThat(query("SELECT count() FROM events.schema_history FINAL")).containsExactly("7");
  }

  @Test
  void isSafeWhenSeveralRunAtOnce() throws SQLException {
    var runs =
        IntStream.range(0, 4)
            .mapToObj(i -> CompletableFuture.runAsync(this::migrate))
            .toArray(CompletableFuture<?>[]::new);

    CompletableFuture.allOf(runs).join();

    assertThat(query("SELECT script, count() FROM events.schema_history FINAL GROUP BY script"))
        .hasSize(7)
        .allMatch(row -> row.endsWith("\t1"));
    assertThat(query("SELECT count() FROM events.processed")).containsExactly("0");
  }

  @Test
  void finishesWhatAKilledRunBegan() throws SQLException {
    var scripts = Script.onClassPath("clickhouse");
    execute("CREATE DATABASE events ENGINE = Atomic");
    execute(scripts.get(0).statements().get(0)); // done, but killed before it was recorded

    migrate();

    assertThat(query("SELECT count() FROM events.schema_history FINAL")).containsExactly("7");
  }

  @Test
  void refusesAScriptThatWasChangedAfterItWasApplied() {
    var first =
        Script.parse(
            "V900__x.sql", "CREATE TABLE IF NOT EXISTS events.x (a UInt8) ENGINE = Memory;");
    var changed =
        Script.parse(
            "V900__x.sql", "CREATE TABLE IF NOT EXISTS events.x (a UInt16) ENGINE = Memory;");
    run(first);

    assertThatThrownBy(() -> run(changed))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("V900__x.sql was changed after it was applied");
  }

  @Test
  void refusesADatabaseThatIsAhead() {
    run(Script.parse("V901__future.sql", ""));

    assertThatThrownBy(this::migrate)
        .isInstanceOf(MigrationException.class)
        .hasMessage("the database is ahead of this program: it has V901__future.sql");
  }

  @Test
  void namesTheScriptAndTheStatementThatFailed() {
    var broken =
        Script.parse(
            "V902__broken.sql",
            "CREATE TABLE IF NOT EXISTS events.y (a Nonsense) ENGINE = Memory;");

    assertThatThrownBy(() -> run(broken))
        .isInstanceOf(MigrationException.class)
        .hasMessageStartingWith("V902__broken.sql: ")
        .hasMessageContaining("Nonsense")
        .hasMessageContaining("CREATE TABLE IF NOT EXISTS events.y");
  }

  @Test
  void showsEachEventOnceThroughTheViewAndReportsTheHiddenCopy() throws SQLException {
    migrate();
    execute("SYSTEM STOP MERGES events.events_raw");
    String columns =
        "(store_id, event_type, event_time, received_at, payload, src_partition, src_offset, _commit_id)";
    String row =
        "('store-1', 'cart.viewed', now64(), toStartOfHour(now()), '{\"data\":{\"sku\":\"A\"}}', 3, 7, '%s')";
    execute("INSERT INTO events.events_raw " + columns + " VALUES " + row.formatted("c-1"));
    execute("INSERT INTO events.events_raw " + columns + " VALUES " + row.formatted("c-2"));

    assertThat(query("SELECT count() FROM events.events_raw")).containsExactly("2");
    assertThat(query("SELECT src_offset, data FROM events.raw"))
        .containsExactly("7\t{\"sku\":\"A\"}");
    assertThat(query("SELECT table_name, identity, copies FROM events.hidden_rows"))
        .containsExactly("events_raw\t(3,7)\t2");
  }

  private void migrate() {
    Migrations.clickhouse(kit.clickhouse().httpUrl(), USER, PASSWORD);
  }

  private void run(Script... scripts) {
    try (var runner = ClickHouseRunner.connect(kit.clickhouse().httpUrl(), USER, PASSWORD)) {
      runner.run(List.of(scripts));
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(result.getString(i));
        }
        rows.add(String.join("\t", row));
      }
    }
    return rows;
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:clickhouse:" + kit.clickhouse().httpUrl(), USER, PASSWORD);
  }
}
