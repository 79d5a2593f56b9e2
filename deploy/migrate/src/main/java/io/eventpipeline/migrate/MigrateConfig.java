package io.eventpipeline.migrate;

import io.eventpipeline.config.Check;
import io.eventpipeline.config.Secret;

/**
 * Where the databases are.
 *
 * @param postgres the database that write keys and look-ups live in
 * @param clickhouse the server that events go to
 */
public record MigrateConfig(Postgres postgres, ClickHouse clickhouse) {

  /**
   * The truth about users, stores and write keys.
   *
   * @param url JDBC URL
   * @param user may create tables in schema {@code public}
   * @param password of that user
   * @param demoData also load the stores, users and write keys of the local stack
   */
  public record Postgres(String url, String user, Secret password, boolean demoData) {
    public Postgres {
      Check.that(
          url.startsWith("jdbc:postgresql:"), "postgres.url must be a JDBC URL, was %s", url);
    }
  }

  /**
   * The server that events go to.
   *
   * @param url HTTP interface, {@code http://host:port}
   * @param user may create databases, tables and views
   * @param password of that user
   */
  public record ClickHouse(String url, String user, Secret password) {
    public ClickHouse {
      Check.that(url.matches("https?://.+"), "clickhouse.url must be an HTTP URL, was %s", url);
    }
  }
}
