package io.eventpipeline.registry;

import io.eventpipeline.registry.SchemaVersion.Status;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/**
 * The schemas in Postgres, and the only type that knows SQL. Blocks: call it on a worker thread.
 *
 * <p>Safe with several servers on one database. A change takes the lock of the row in {@code
 * revision} before it looks, so changes happen one after the other and versions have no gaps; the
 * unique indexes hold even where that lock was forgotten.
 */
final class SchemaStore {
  private static final int ATTEMPTS_MAX = 5;

  /** Unique violation, serialization failure, deadlock: the same transaction again may succeed. */
  private static final Set<String> AGAIN = Set.of("23505", "40001", "40P01");

  private static final String SELECT =
      "SELECT c.id, v.type, v.version, v.status, v.description, c.document, c.sha256, v.created_at,"
          + " v.ordinal FROM registry.schema_version v"
          + " JOIN registry.schema_content c ON c.id = v.content_id ";

  private final DataSource database;

  SchemaStore(DataSource database) {
    this.database = database;
  }

  /**
   * What came of a registration.
   *
   * @param created false when the type already had this content: nothing was changed
   */
  record Registration(SchemaVersion schema, boolean created) {}

  /**
   * Some schemas in the order of their registration.
   *
   * @param next what to ask for {@code after} this page, 0 when it is the last one
   */
  record Page(List<SchemaVersion> schemas, long next) {}

  /**
   * Publishes the next version of a type, or returns the version that has this content already.
   *
   * @param document JSON text without white space
   * @param sha256 of its canonical form
   * @param actor who asks, for the audit table
   */
  Registration register(
      String type, String document, String sha256, String description, String actor)
      throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = database.getConnection()) {
        Optional<SchemaVersion> known = sameContent(connection, type, sha256);
        if (known.isPresent()) {
          return new Registration(known.get(), false);
        }
        return inTransaction(
            connection, () -> publish(connection, type, document, sha256, description, actor));
      } catch (SQLException e) {
        if (attempt == ATTEMPTS_MAX || !AGAIN.contains(e.getSQLState())) {
          throw e;
        }
      }
    }
  }

  private Registration publish(
      Connection connection,
      String type,
      String document,
      String sha256,
      String description,
      String actor)
      throws SQLException {
    long revision =
        number(connection, "UPDATE registry.revision SET value = value + 1 RETURNING value");
    Optional<SchemaVersion> meanwhile = sameContent(connection, type, sha256);
    if (meanwhile.isPresent()) {
      return new Registration(meanwhile.get(), false);
    }
    long version =
        1
            + number(
                connection,
                "SELECT coalesce(max(version), 0) FROM registry.schema_version WHERE type = ?",
                type);
    number(
        connection,
        "WITH known AS (SELECT id FROM registry.schema_content WHERE sha256 = ?),"
            + " made AS (INSERT INTO registry.schema_content (sha256, document)"
            + "   SELECT ?, ? WHERE NOT EXISTS (SELECT FROM known) RETURNING id)"
            + " INSERT INTO registry.schema_version"
            + "   (type, version, content_id, status, description, created_by)"
            + " SELECT ?, ?, id, ?, ?, ? FROM (SELECT id FROM known UNION ALL SELECT id FROM made) i"
            + " RETURNING ordinal",
        sha256,
        sha256,
        document,
        type,
        (int) version,
        Status.PUBLISHED.code(),
        description,
        actor);
    number(
        connection,
        "INSERT INTO registry.audit (revision, actor, action, type, version)"
            + " VALUES (?, ?, 'publish', ?, ?) RETURNING revision",
        revision,
        actor,
        type,
        (int) version);
    return new Registration(sameContent(connection, type, sha256).orElseThrow(), true);
  }

  /** The first version that has the content of this id. */
  Optional<SchemaVersion> byId(int id) throws SQLException {
    return one(SELECT + "WHERE c.id = ? ORDER BY v.ordinal LIMIT 1", id);
  }

  Optional<SchemaVersion> byVersion(String type, int version) throws SQLException {
    return one(SELECT + "WHERE v.type = ? AND v.version = ?", type, version);
  }

  /** The newest published version. */
  Optional<SchemaVersion> newest(String type) throws SQLException {
    return one(
        SELECT + "WHERE v.type = ? AND v.status = 'published' ORDER BY v.version DESC LIMIT 1",
        type);
  }

  /** Whether any version of this type was ever registered. */
  boolean knowsType(String type) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return number(
              connection,
              "SELECT count(*) FROM (SELECT FROM registry.schema_version WHERE type = ? LIMIT 1) t",
              type)
          > 0;
    }
  }

  /**
   * Lists in the order of registration.
   *
   * @param type only this one; {@code ""} for all
   * @param after {@link Page#next} of the page before; 0 from the start
   * @param limit most schemas on the page
   */
  Page list(String type, long after, int limit) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                SELECT
                    + "WHERE v.ordinal > ? AND (? = '' OR v.type = ?) ORDER BY v.ordinal LIMIT ?")) {
      bind(statement, after, type, type, limit + 1);
      List<SchemaVersion> schemas = new ArrayList<>();
      long last = 0;
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          if (schemas.size() == limit) {
            return new Page(schemas, last);
          }
          schemas.add(read(rows));
          last = rows.getLong("ordinal");
        }
      }
      return new Page(schemas, 0);
    }
  }

  /** Counts every change to any schema; equal numbers mean that nothing changed in between. */
  long revision() throws SQLException {
    try (Connection connection = database.getConnection()) {
      return number(connection, "SELECT value FROM registry.revision");
    }
  }

  private interface Work {
    Registration run() throws SQLException;
  }

  private static Registration inTransaction(Connection connection, Work work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      Registration result = work.run();
      if (result.created()) {
        connection.commit();
      } else {
        connection.rollback(); // gives the revision back: nothing changed
      }
      return result;
    } catch (SQLException | RuntimeException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static Optional<SchemaVersion> sameContent(
      Connection connection, String type, String sha256) throws SQLException {
    return one(
        connection,
        SELECT + "WHERE v.type = ? AND c.sha256 = ? AND v.status <> 'withdrawn'",
        type,
        sha256);
  }

  private Optional<SchemaVersion> one(String sql, Object... values) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return one(connection, sql, values);
    }
  }

  private static Optional<SchemaVersion> one(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(read(rows)) : Optional.empty();
      }
    }
  }

  private static long number(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          throw new SQLException("no row came of: " + sql);
        }
        return rows.getLong(1);
      }
    }
  }

  private static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  private static SchemaVersion read(ResultSet row) throws SQLException {
    return new SchemaVersion(
        row.getInt("id"),
        row.getString("type"),
        row.getInt("version"),
        Status.of(row.getString("status")),
        row.getString("description"),
        row.getString("document"),
        row.getString("sha256"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }
}
