package io.eventpipeline.job.lookup;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Values of one kind in Postgres, the truth: one query for all keys.
 *
 * @param <V> the value
 */
final class PostgresBackend<V> implements Backend<V> {
  private final DataSource postgres;
  private final Kind<V> kind;

  PostgresBackend(DataSource postgres, Kind<V> kind) {
    this.postgres = postgres;
    this.kind = kind;
  }

  @Override
  public Map<String, V> load(Collection<String> keys) throws SQLException {
    try (Connection connection = postgres.getConnection();
        PreparedStatement query = connection.prepareStatement(kind.sql)) {
      Array array = connection.createArrayOf("text", keys.toArray());
      query.setArray(1, array);
      Map<String, V> values = new HashMap<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          values.put(rows.getString(1), kind.fromRow(rows));
        }
      }
      array.free();
      return values;
    }
  }

  @Override
  public String toString() {
    return "Postgres (" + kind.name + ")";
  }
}
