package io.eventpipeline.services;

/**
 * One Postgres with the empty database {@link #DATABASE}; fsync is on unless the kit turned it off.
 */
public interface PostgresServer extends Service {
  /** Created with the data directory. */
  String DATABASE = "event_pipeline";

  /** {@code jdbc:postgresql://host:port/database}, without the user. */
  String jdbcUrl(String database);

  /** The superuser. */
  String user();

  String password();
}
