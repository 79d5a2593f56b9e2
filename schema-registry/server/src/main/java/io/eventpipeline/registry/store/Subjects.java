package io.eventpipeline.registry.store;

import java.sql.SQLException;

/**
 * The order in which every change takes its locks: the subject's row, then the row of {@code
 * revision}. Both are held until the transaction ends, on whichever server; no change takes a
 * second subject's, so none waits for another in a circle.
 */
final class Subjects {
  private Subjects() {}

  /** Nobody else changes this subject until the transaction ends. Makes it when it is new. */
  static void lock(Sql sql, String type) throws SQLException {
    sql.update("INSERT INTO registry.subject (type) VALUES (?) ON CONFLICT DO NOTHING", type);
    sql.number("SELECT last_version FROM registry.subject WHERE type = ? FOR UPDATE", type);
  }

  /** Nobody else changes anything until the transaction ends: to be called last. */
  static long nextRevision(Sql sql) throws SQLException {
    return sql.number("UPDATE registry.revision SET value = value + 1 RETURNING value");
  }

  static int nextVersion(Sql sql, String type) throws SQLException {
    return (int)
        sql.number(
            "UPDATE registry.subject SET last_version = last_version + 1 WHERE type = ?"
                + " RETURNING last_version",
            type);
  }

  /**
   * Notes who did what and why.
   *
   * @param version null for a change to the subject itself
   */
  static void audit(
      Sql sql, long revision, Change change, String action, String type, Integer version)
      throws SQLException {
    sql.update(
        "INSERT INTO registry.audit (revision, actor, action, type, version, reason)"
            + " VALUES (?, ?, ?, ?, ?::integer, ?)",
        revision,
        change.actor(),
        action,
        type,
        version,
        change.reason());
  }
}
