package io.eventpipeline.migrate;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.flywaydb.core.Flyway;

/** The two migrations. Both may be repeated, run twice at once, or be killed and started again. */
public final class Migrations {
  /** Any number that nobody else in the database locks. */
  private static final long POSTGRES_LOCK = 0x6576_656e_7470_6970L;

  private Migrations() {}

  /**
   * Applies {@code deploy/postgres}, by Flyway: one transaction per script, one runner at a time.
   *
   * @param jdbcUrl of the database
   * @param demoData also the stores, users and write keys of the local stack. They have a history
   *     table of their own, so that a later run without them does not miss them
   * @throws org.flywaydb.core.api.FlywayException when a script fails or an applied one was changed
   * @throws MigrationException when the database cannot be reached
   */
  public static void postgres(String jdbcUrl, String user, String password, boolean demoData) {
    try (Connection connection = DriverManager.getConnection(jdbcUrl, user, password);
        Statement lock = connection.createStatement()) {
      // Flyway's own lock begins after its baseline, where one of several at once would fail
      lock.execute("SELECT pg_advisory_lock(" + POSTGRES_LOCK + ")");
      flyway(jdbcUrl, user, password, "classpath:postgres", "flyway_pipeline");
      if (demoData) {
        flyway(jdbcUrl, user, password, "classpath:postgres-demo", "flyway_pipeline_demo");
      }
    } catch (SQLException e) {
      throw new MigrationException(jdbcUrl + ": " + e.getMessage(), e);
    }
  }

  private static void flyway(
      String jdbcUrl, String user, String password, String location, String historyTable) {
    Flyway.configure()
        .dataSource(jdbcUrl, user, password)
        .schemas("public")
        .table(historyTable)
        .locations(location)
        // Other parts of the pipeline keep tables in the same database
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .validateMigrationNaming(true)
        .load()
        .migrate();
  }

  /**
   * Applies {@code deploy/clickhouse}: see {@link ClickHouseRunner} for how.
   *
   * @param httpUrl {@code http://host:port}
   * @throws MigrationException when a script fails, an applied one was changed, or the database is
   *     ahead of this program
   */
  public static void clickhouse(String httpUrl, String user, String password) {
    List<Script> scripts = Script.onClassPath("clickhouse");
    try (var runner = ClickHouseRunner.connect(httpUrl, user, password)) {
      runner.run(scripts);
    }
  }
}
