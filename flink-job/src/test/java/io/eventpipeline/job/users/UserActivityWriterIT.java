package io.eventpipeline.job.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.job.JobConfig;
import io.eventpipeline.job.UserActivity;
import io.eventpipeline.migrate.Migrations;
import io.eventpipeline.services.PostgresServer;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.flink.connector.jdbc.JdbcConnectionOptions;
import org.apache.flink.connector.jdbc.datasource.connections.SimpleJdbcConnectionProvider;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithServices(Server.POSTGRES)
class UserActivityWriterIT {
  private static final JobConfig.Users CONFIG =
      new JobConfig.Users(Duration.ofMinutes(1), 10, 1_000);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String user = "user-" + UUID.randomUUID();
  private final List<UserActivityWriter> writers = new ArrayList<>();
  private PostgresServer postgres;

  @BeforeAll
  static void migrate(ServiceKit kit) {
    PostgresServer postgres = kit.postgres();
    Migrations.postgres(
        postgres.jdbcUrl(PostgresServer.DATABASE), postgres.user(), postgres.password(), false);
  }

  @BeforeEach
  void createUser(ServiceKit kit) throws SQLException {
    postgres = kit.postgres();
    execute(
        "INSERT INTO user_profile (user_id, orders, lifetime_value) VALUES ('"
            + user
            + "', 1, 10)");
  }

  @AfterEach
  void close() {
    writers.forEach(UserActivityWriter::close);
  }

  @Test
  void countsAPurchaseOnceHoweverOftenItIsWritten() throws Exception {
    UserActivityWriter writer = writer(List.of());
    for (int i = 0; i < 3; i++) {
      writer.write(purchase("e-1", 125_000), null);
    }
    writer.write(purchase("e-2", 5_000), null);
    writer.flush(true);
    UserActivityWriter restored = writer(List.of(purchase("e-1", 125_000)));
    restored.flush(true);

    assertThat(query("SELECT orders || ' ' || lifetime_value FROM user_profile"))
        .isEqualTo("3 23.0000");
    assertThat(query("SELECT count(*) FROM user_purchase")).isEqualTo("2");
  }

  @Test
  void movesLastSeenOnlyForward() throws Exception {
    UserActivityWriter writer = writer(List.of());
    writer.write(seen("2026-11-20T10:00:00Z"), null);
    writer.write(seen("2026-11-20T12:00:00.123456Z"), null);
    writer.write(seen("2026-11-20T11:00:00Z"), null);
    writer.flush(true);

    assertThat(query("SELECT last_seen = '2026-11-20T12:00:00.123456Z' FROM user_profile"))
        .isEqualTo("t");
  }

  @Test
  void keepsRowsWhilePostgresIsAwayAndLeavesOutOneThatItRefuses() throws Exception {
    UserActivityWriter writer = writer(List.of());
    writer.write(purchase("e-1", 10_000), null);
    writer.flush(true);
    postgres.kill();
    for (int i = 2; i <= 30; i++) {
      writer.write(purchase("e-" + i, 10_000), null);
    }
    writer.write(purchase("zero\u0000byte", 10_000), null);
    assertThat(writer.snapshotState(1)).hasSize(30);

    postgres.start();
    writer.flush(true);

    assertThat(writer.snapshotState(2)).isEmpty();
    assertThat(query("SELECT count(*) FROM user_purchase")).isEqualTo("30");
    assertThat(query("SELECT orders FROM user_profile")).isEqualTo("31");
  }

  @Test
  void makesTheStreamWaitWhenTooManyRowsDo() {
    postgres.kill();
    try {
      UserActivityWriter writer = writer(List.of());
      Thread stream =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < CONFIG.pendingMax() + 1; i++) {
                    writer.write(purchase("e-" + i, 1), null);
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      stream.start();

      await().atMost(PATIENCE).until(() -> stream.getState() == Thread.State.WAITING);
      assertThat(writer.snapshotState(1)).hasSize(CONFIG.pendingMax());
      stream.interrupt();
    } finally {
      postgres.start();
    }
  }

  private UserActivityWriter writer(List<UserActivity> restored) {
    JdbcConnectionOptions options =
        new JdbcConnectionOptions.JdbcConnectionOptionsBuilder()
            .withUrl(url())
            .withDriverName("org.postgresql.Driver")
            .withUsername(postgres.user())
            .withPassword(postgres.password())
            .build();
    UserActivityWriter writer =
        new UserActivityWriter(
            new UserActivityTable(new SimpleJdbcConnectionProvider(options)),
            CONFIG,
            new UnregisteredMetricsGroup(),
            restored);
    writers.add(writer);
    return writer;
  }

  private UserActivity purchase(String eventId, long totalE4) {
    return new UserActivity(
        user, 1_000_000, true, "store-1", user, eventId, "o-" + eventId, totalE4, "EUR");
  }

  private UserActivity seen(String time) {
    Instant instant = Instant.parse(time);
    return new UserActivity(
        user,
        instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000,
        false,
        "",
        "",
        "",
        "",
        0,
        "");
  }

  private String url() {
    return postgres.jdbcUrl(PostgresServer.DATABASE);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(url(), postgres.user(), postgres.password())) {
      connection.createStatement().execute(sql);
    }
  }

  private String query(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(url(), postgres.user(), postgres.password());
        ResultSet rows =
            connection.createStatement().executeQuery(sql + " WHERE user_id = '" + user + "'")) {
      rows.next();
      return rows.getString(1);
    }
  }
}
