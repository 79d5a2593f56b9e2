package io.eventpipeline.edge;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The write keys that are not revoked, read from the Postgres table {@code write_key}.
 *
 * <p>Read at the start and then at every refresh by a thread of its own; while Postgres is down the
 * last known keys count. Looking a key up never waits. Safe for use by many threads.
 */
final class PostgresWriteKeys implements WriteKeys {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresWriteKeys.class);
  private static final int TIMEOUT_SECONDS = 5;
  private static final String QUERY =
      "SELECT key_sha256, store_id, source, label FROM write_key WHERE revoked_at IS NULL";

  private final EdgeConfig.Keys config;
  private final Thread refresher = new Thread(this::refreshForEver, "write-keys");
  private volatile Map<Fingerprint, WriteKey> keys;
  private volatile boolean closed;
  private String fault;

  PostgresWriteKeys(EdgeConfig.Keys config) {
    this.config = config;
    refresher.setDaemon(true);
    refresher.start();
  }

  @Override
  public WriteKey find(Fingerprint fingerprint) {
    Map<Fingerprint, WriteKey> known = keys;
    return known == null ? null : known.get(fingerprint);
  }

  @Override
  public Optional<String> unavailable() {
    return keys == null ? Optional.of("write keys: not read from Postgres yet") : Optional.empty();
  }

  private void refreshForEver() {
    while (!closed) {
      refresh();
      try {
        // Until the first reading nobody can send anything: try more often
        long pause = keys == null ? 500 : config.refresh().toMillis();
        TimeUnit.MILLISECONDS.sleep(pause);
      } catch (InterruptedException e) {
        return; // only close interrupts
      }
    }
  }

  private void refresh() {
    try {
      Map<Fingerprint, WriteKey> read = read();
      if (keys == null || fault != null) {
        LOG.info("{} write keys read", read.size());
      }
      keys = read;
      fault = null;
    } catch (SQLException | RuntimeException e) {
      if (fault == null && !closed) {
        LOG.warn(
            "write keys not read, {} are known: {}", keys == null ? 0 : keys.size(), e.toString());
      }
      fault = e.toString();
    }
  }

  private Map<Fingerprint, WriteKey> read() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", config.user());
    properties.setProperty("password", config.password().value());
    properties.setProperty("loginTimeout", String.valueOf(TIMEOUT_SECONDS));
    properties.setProperty("connectTimeout", String.valueOf(TIMEOUT_SECONDS));
    properties.setProperty("socketTimeout", String.valueOf(TIMEOUT_SECONDS));
    properties.setProperty("ApplicationName", "edge-write-keys");
    Map<Fingerprint, WriteKey> read = new HashMap<>();
    try (Connection connection = DriverManager.getConnection(config.postgresUrl(), properties);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(QUERY)) {
      while (rows.next()) {
        byte[] sha256 = HexFormat.of().parseHex(rows.getString(1));
        read.put(
            Fingerprint.of(sha256),
            new WriteKey(rows.getString(2), rows.getString(3), rows.getString(4)));
      }
    }
    return Map.copyOf(read);
  }

  @Override
  public void close() {
    closed = true;
    refresher.interrupt();
  }
}
