package io.eventpipeline.services;

/**
 * Passwords of the servers that a kit starts. They are for the loopback interface of one machine.
 *
 * @param postgres of Postgres' superuser; takes effect when the data directory is made
 * @param pipeline of ClickHouse's user who writes
 * @param analyst of ClickHouse's user who reads
 * @param registry of ClickHouse's user who adds columns
 * @param admin of ClickHouse's user for migrations
 */
public record Passwords(
    String postgres, String pipeline, String analyst, String registry, String admin) {
  /** What a kit uses unless told otherwise. */
  public static final Passwords LOCAL =
      new Passwords(
          "postgres-local", "pipeline-local", "analyst-local", "registry-local", "admin-local");

  String ofClickHouseUser(String user) {
    return switch (user) {
      case ClickHouseServer.PIPELINE -> pipeline;
      case ClickHouseServer.ANALYST -> analyst;
      case ClickHouseServer.REGISTRY -> registry;
      case ClickHouseServer.ADMIN -> admin;
      default -> throw new ServiceException("ClickHouse has no user " + user);
    };
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return "Passwords[***]";
  }
}
