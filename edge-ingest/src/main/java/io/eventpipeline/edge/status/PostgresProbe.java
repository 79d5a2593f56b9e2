package io.eventpipeline.edge.status;

import io.eventpipeline.config.Secret;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/** Postgres, over one connection that is kept while it works. */
final class PostgresProbe implements Probe {
  private final String url;
  private final Properties properties = new Properties();
  private final int timeoutSeconds;
  private Connection connection;

  PostgresProbe(String url, String user, Secret password, Duration timeout) {
    this.url = url;
    this.timeoutSeconds = (int) Math.max(1, timeout.toSeconds());
    properties.setProperty("user", user);
    properties.setProperty("password", password.value());
    properties.setProperty("connectTimeout", String.valueOf(timeoutSeconds));
    properties.setProperty("socketTimeout", String.valueOf(timeoutSeconds));
    properties.setProperty("loginTimeout", String.valueOf(timeoutSeconds));
    properties.setProperty("ApplicationName", "edge-status");
  }

  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public synchronized Finding look() throws SQLException {
    if (connection == null || !connection.isValid(timeoutSeconds)) {
      drop();
      connection = DriverManager.getConnection(url, properties);
    }
    return Finding.ok(new JsonObject());
  }

  private void drop() throws SQLException {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  @Override
  public synchronized void close() {
    try {
      drop();
    } catch (SQLException e) {
      connection = null; // it was broken already
    }
  }
}
