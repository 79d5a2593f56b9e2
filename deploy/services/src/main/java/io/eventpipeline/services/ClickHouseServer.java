package io.eventpipeline.services;

/**
 * One ClickHouse with HTTP and native protocol and four users: {@link #PIPELINE} reads and writes
 * databases named {@code events*} and may kill its own queries, {@link #ANALYST} only reads them,
 * {@link #REGISTRY} adds columns to {@code events_processed} and replaces views, {@link #ADMIN} may
 * do everything. The database itself is made by the migrations.
 */
public interface ClickHouseServer extends Service {
  String PIPELINE = "pipeline";
  String ANALYST = "analyst";
  String REGISTRY = "registry";
  String ADMIN = "admin";

  /** {@code http://host:port}, without a path. */
  String httpUrl();

  /** {@code jdbc:clickhouse://host:port}, without database and user. */
  String jdbcUrl();

  int nativePort();

  /**
   * The password of one of the users.
   *
   * @param user one of the four
   */
  String password(String user);
}
