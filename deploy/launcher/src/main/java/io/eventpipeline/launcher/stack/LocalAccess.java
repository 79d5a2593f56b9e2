package io.eventpipeline.launcher.stack;

import java.util.List;

/**
 * Users, passwords and keys of the local stack.
 *
 * <p>They are no secrets: {@code up} prints them, every listener but the edge's is bound to
 * loopback, and each local stack has the same ones.
 */
public final class LocalAccess {
  /** ClickHouse, read only: what analysts and {@code deploy/local sql} use. */
  public static final String ANALYST_USER = "analyst";

  public static final String ANALYST_PASSWORD = "analyst-local";

  /** ClickHouse, the job's own user: it may insert. */
  public static final String PIPELINE_USER = "pipeline";

  public static final String PIPELINE_PASSWORD = "pipeline-local";

  /** ClickHouse, the schema registry's own user: it may add columns. */
  public static final String CLICKHOUSE_REGISTRY_USER = "registry";

  public static final String CLICKHOUSE_REGISTRY_PASSWORD = "registry-local";

  /** ClickHouse, migrations only. */
  public static final String ADMIN_USER = "admin";

  public static final String ADMIN_PASSWORD = "admin-local";

  /** The ClickHouse database of all tables and views. */
  public static final String CLICKHOUSE_DATABASE = "events";

  public static final String POSTGRES_USER = "postgres";

  public static final String POSTGRES_PASSWORD = "postgres-local";

  public static final String POSTGRES_DATABASE = "event_pipeline";

  public static final String REGISTRY_USER = "dev";

  /** Both the password of {@link #REGISTRY_USER} and a Bearer token; read and write. */
  public static final String REGISTRY_TOKEN = "dev-registry-token";

  /** Write keys of the demo data: the key at index {@code i} belongs to {@code store-(i+1)}. */
  public static final List<String> WRITE_KEYS =
      List.of(
          "dev-write-key",
          "dev-write-key-2",
          "dev-write-key-3",
          "dev-write-key-4",
          "dev-write-key-5");

  private LocalAccess() {}
}
