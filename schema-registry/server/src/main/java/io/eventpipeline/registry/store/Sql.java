package io.eventpipeline.registry.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/** One connection, with the few shapes of statement that the store needs. */
final class Sql {
  private static final int ATTEMPTS_MAX = 5;

  /** Unique violation, serialization failure, deadlock: the same transaction again may succeed. */
  private static final Set<String> AGAIN = Set.of("23505", "40001", "40P01");

  private final Connection connection;

  private Sql(Connection connection) {
    this.connection = connection;
  }

  /** Reads a row. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Reads something. */
  @FunctionalInterface
  interface Query<T> {
    T run(Sql sql) throws SQLException;
  }

  /** Changes something, or refuses to. */
  @FunctionalInterface
  interface Work<T> {
    T run(Sql sql) throws SQLException, ChangeRefusedException;
  }

  /** Each statement on its own. */
  static <T> T query(DataSource database, Query<T> query) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return query.run(new Sql(connection));
    }
  }

  /** All or nothing. Runs the work again when another transaction was in its way. */
  static <T> T transaction(DataSource database, Work<T> work)
      throws SQLException, ChangeRefusedException {
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = database.getConnection()) {
        return inTransaction(connection, work);
      } catch (SQLException e) {
        if (attempt == ATTEMPTS_MAX || !AGAIN.contains(e.getSQLState())) {
          throw e;
        }
      }
    }
  }

  private static <T> T inTransaction(Connection connection, Work<T> work)
      throws SQLException, ChangeRefusedException {
    connection.setAutoCommit(false);
    boolean done = false;
    try {
      T result = work.run(new Sql(connection));
      connection.commit();
      done = true;
      return result;
    } finally {
      if (!done) {
        connection.rollback();
      }
      connection.setAutoCommit(true);
    }
  }

  <T> List<T> list(Row<T> row, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values);
        ResultSet rows = statement.executeQuery()) {
      List<T> list = new ArrayList<>();
      while (rows.next()) {
        list.add(row.read(rows));
      }
      return list;
    }
  }

  <T> Optional<T> first(Row<T> row, String sql, Object... values) throws SQLException {
    return list(row, sql, values).stream().findFirst();
  }

  /** The first column of the first row, which must be there. */
  long number(String sql, Object... values) throws SQLException {
    return first(row -> row.getLong(1), sql, values)
        .orElseThrow(() -> new SQLException("no row came of: " + sql));
  }

  boolean exists(String sql, Object... values) throws SQLException {
    return first(row -> true, sql, values).isPresent();
  }

  /** Returns how many rows were changed. */
  int update(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values)) {
      return statement.executeUpdate();
    }
  }

  private PreparedStatement prepare(String sql, Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < values.length; i++) {
        if (values[i] instanceof String[] texts) {
          statement.setArray(i + 1, connection.createArrayOf("text", texts));
        } else {
          statement.setObject(i + 1, values[i]);
        }
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }
}
