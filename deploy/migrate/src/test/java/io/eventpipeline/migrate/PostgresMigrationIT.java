package io.eventpipeline.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithServices(Server.POSTGRES)
class PostgresMigrationIT {
  private static final String DATABASE = "migrate_it";

  private final ServiceKit kit;

  PostgresMigrationIT(ServiceKit kit) {
    this.kit = kit;
  }

  @BeforeEach
  void startWithAnEmptyDatabase() throws SQLException {
    query("event_pipeline", "DROP DATABASE IF EXISTS " + DATABASE + " WITH (FORCE)");
    query("event_pipeline", "CREATE DATABASE " + DATABASE);
  }

  @Test
  void makesTheTablesWithoutDemoData() throws SQLException {
    migrate(false);

    assertThat(query(DATABASE, "SELECT count(*) FROM user_profile")).containsExactly("0");
    assertThat(query(DATABASE, "SELECT count(*) FROM store_config")).containsExactly("0");
    assertThat(query(DATABASE, "SELECT count(*) FROM write_key")).containsExactly("0");
  }

  @Test
  void loadsTheDemoDataOnceAndLeavesWhatChangedSince() throws SQLException {
    migrate(true);
    query(DATABASE, "UPDATE user_profile SET orders = 77 WHERE user_id = 'u-42'");

    migrate(true);
    migrate(false);

    assertThat(query(DATABASE, "SELECT count(*) FROM user_profile")).containsExactly("10000");
    assertThat(query(DATABASE, "SELECT orders FROM user_profile WHERE user_id = 'u-42'"))
        .containsExactly("77");
    assertThat(query(DATABASE, "SELECT time_zone, currency FROM store_config ORDER BY store_id"))
        .hasSize(5)
        .startsWith("Europe/Berlin\tEUR");
    assertThat(
            query(DATABASE, "SELECT key_sha256, source FROM write_key WHERE store_id = 'store-1'"))
        .containsExactly(
            // printf dev-write-key | sha256sum
            "2cc827ddd1d176c150091ef0c8e181de15afbaf3c855263ca0d9069f7c2c3309\t/shop/web");
  }

  @Test
  void isSafeWhenSeveralRunAtOnce() throws SQLException {
    var runs =
        IntStream.range(0, 4)
            .mapToObj(i -> CompletableFuture.runAsync(() -> migrate(true)))
            .toArray(CompletableFuture<?>[]::new);

    CompletableFuture.allOf(runs).join();

    assertThat(query(DATABASE, "SELECT count(*) FROM user_profile")).containsExactly("10000");
  }

  private void migrate(boolean demoData) {
    var postgres = kit.postgres();
    Migrations.postgres(postgres.jdbcUrl(DATABASE), postgres.user(), postgres.password(), demoData);
  }

  private List<String> query(String database, String sql) throws SQLException {
    var postgres = kit.postgres();
    List<String> rows = new ArrayList<>();
    try (var connection =
            DriverManager.getConnection(
                postgres.jdbcUrl(database), postgres.user(), postgres.password());
        var statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return rows;
      }
      var result = statement.getResultSet();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(String.join("\t", row));
      }
    }
    return rows;
  }
}
