package io.eventpipeline.migrate;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies scripts to ClickHouse and records each in {@code events.schema_history}.
 *
 * <p>ClickHouse has neither transactions over DDL nor locks, so nothing here depends on them: every
 * statement of every script must be idempotent ({@code IF NOT EXISTS}, {@code OR REPLACE}), and a
 * test holds that. A run that was killed half-way starts its script again; two runs at once both
 * execute the same statements and both record the same row, which the history table collapses.
 * Flyway's ClickHouse support was looked at first: its {@code doLock} only logs that concurrent
 * migration is not supported (flyway-database-clickhouse 10.24.0).
 */
final class ClickHouseRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClickHouseRunner.class);

  private static final List<String> PREPARE =
      List.of(
          "CREATE DATABASE IF NOT EXISTS events ENGINE = Atomic",
          """
          CREATE TABLE IF NOT EXISTS events.schema_history
          (
              script     String,
              checksum   String,
              applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
          )
          ENGINE = ReplacingMergeTree
          ORDER BY script
          SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
          """);

  private final Connection connection;

  private ClickHouseRunner(Connection connection) {
    this.connection = connection;
  }

  static ClickHouseRunner connect(String httpUrl, String user, String password) {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    // The history row must be on disk when the run says so, not in a queue of the server's
    properties.setProperty("clickhouse_setting_async_insert", "0");
    try {
      return new ClickHouseRunner(
          DriverManager.getConnection("jdbc:clickhouse:" + httpUrl, properties));
    } catch (SQLException e) {
      throw new MigrationException("cannot connect to ClickHouse at " + httpUrl, e);
    }
  }

  void run(List<Script> scripts) {
    PREPARE.forEach(statement -> execute("the history table", statement));
    Map<String, String> applied = history();
    refuseIfAhead(scripts, applied.keySet());
    for (Script script : scripts) {
      String checksum = applied.get(script.name());
      if (checksum == null) {
        script.statements().forEach(statement -> execute(script.name(), statement));
        record(script);
        LOG.info("applied {}", script.name());
      } else if (!checksum.equals(script.checksum())) {
        throw new MigrationException(
            script.name()
                + " was changed after it was applied (checksum "
                + script.checksum()
                + ", in the database "
                + checksum
                + "): undo the change and write a new script");
      }
    }
  }

  private static void refuseIfAhead(List<Script> scripts, Set<String> applied) {
    Set<String> unknown = new TreeSet<>(applied);
    scripts.forEach(script -> unknown.remove(script.name()));
    if (!unknown.isEmpty()) {
      throw new MigrationException(
          "the database is ahead of this program: it has " + String.join(", ", unknown));
    }
  }

  private Map<String, String> history() {
    Map<String, String> applied = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT script, checksum FROM events.schema_history FINAL")) {
      while (rows.next()) {
        applied.put(rows.getString(1), rows.getString(2));
      }
      return applied;
    } catch (SQLException e) {
      throw new MigrationException("cannot read events.schema_history", e);
    }
  }

  private void record(Script script) {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO events.schema_history (script, checksum) VALUES (?, ?)")) {
      insert.setString(1, script.name());
      insert.setString(2, script.checksum());
      insert.execute();
    } catch (SQLException e) {
      throw new MigrationException("cannot record " + script.name(), e);
    }
  }

  private void execute(String script, String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new MigrationException(script + ": " + e.getMessage() + " in: " + head(sql), e);
    }
  }

  private static String head(String sql) {
    String oneLine = sql.replaceAll("\\s+", " ");
    return oneLine.length() > 120 ? oneLine.substring(0, 120) + "…" : oneLine;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.warn("closing the connection: {}", e.getMessage());
    }
  }
}
