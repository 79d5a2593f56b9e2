package io.eventpipeline.job.users;

import io.eventpipeline.job.UserActivity;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.connector.jdbc.JdbcStatementBuilder;
import org.apache.flink.connector.jdbc.datasource.connections.JdbcConnectionProvider;

/** The two statements in which user activity reaches Postgres; one thread at a time. */
final class UserActivityTable implements AutoCloseable {
  private static final String SEEN =
      "UPDATE user_profile SET last_seen = GREATEST(last_seen, ?) WHERE user_id = ?";

  /** A purchase counts for the profile only when it is new, so the whole may be repeated. */
  private static final String PURCHASE =
      "WITH purchase AS ("
          + "INSERT INTO user_purchase"
          + " (store_id, source, event_id, user_id, order_id, ordered_at, total, currency)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING user_id, total)"
          + " UPDATE user_profile u SET orders = orders + 1,"
          + " lifetime_value = lifetime_value + purchase.total, updated_at = now()"
          + " FROM purchase WHERE u.user_id = purchase.user_id";

  private final JdbcConnectionProvider connections;

  UserActivityTable(JdbcConnectionProvider connections) {
    this.connections = connections;
  }

  /** Writes all rows in one transaction, or none. */
  void write(List<UserActivity> rows) throws SQLException {
    // In one order everywhere, or two subtasks could wait for each other's row locks
    List<UserActivity> sorted =
        rows.stream().sorted(Comparator.comparing(UserActivity::userId)).toList();
    Connection connection = connect();
    try {
      connection.setAutoCommit(false);
      execute(connection, PURCHASE, UserActivityTable::purchase, sorted, true);
      execute(connection, SEEN, UserActivityTable::seen, sorted, false);
      connection.commit();
    } catch (SQLException e) {
      connections.closeConnection(); // whatever state it is in: Postgres rolls back
      throw e;
    }
  }

  @Override
  public void close() {
    connections.closeConnection();
  }

  private Connection connect() throws SQLException {
    try {
      return connections.getOrEstablishConnection();
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("the Postgres driver is not on the class path", e);
    }
  }

  private static void execute(
      Connection connection,
      String sql,
      JdbcStatementBuilder<UserActivity> parameters,
      List<UserActivity> rows,
      boolean purchases)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      boolean any = false;
      for (UserActivity row : rows) {
        if (row.purchase() == purchases) {
          parameters.accept(statement, row);
          statement.addBatch();
          any = true;
        }
      }
      if (any) {
        statement.executeBatch();
      }
    }
  }

  private static void seen(PreparedStatement statement, UserActivity row) throws SQLException {
    statement.setObject(1, time(row));
    statement.setString(2, row.userId());
  }

  private static void purchase(PreparedStatement statement, UserActivity row) throws SQLException {
    statement.setString(1, row.storeId());
    statement.setString(2, row.source());
    statement.setString(3, row.eventId());
    statement.setString(4, row.userId());
    statement.setString(5, row.orderId());
    statement.setObject(6, time(row));
    statement.setBigDecimal(7, BigDecimal.valueOf(row.totalE4(), 4));
    statement.setString(8, row.currency());
  }

  private static OffsetDateTime time(UserActivity row) {
    return Instant.ofEpochSecond(
            Math.floorDiv(row.atMicros(), 1_000_000L),
            Math.floorMod(row.atMicros(), 1_000_000L) * 1_000)
        .atOffset(ZoneOffset.UTC);
  }
}
