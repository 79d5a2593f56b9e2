package io.eventpipeline.registry.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * What is asked of new versions: for a subject, or for all ({@link #ALL}) that have no setting of
 * their own. Blocks: call it on a worker thread.
 */
public final class SubjectSettings {
  /** The name that stands for all subjects. */
  public static final String ALL = "";

  private final DataSource database;

  public SubjectSettings(DataSource database) {
    this.database = database;
  }

  /** Who may change a subject. Named as in the protocol. */
  public enum Mode {
    READWRITE,
    READONLY,
    /** For all subjects: read-only whatever a subject's own mode says. */
    READONLY_OVERRIDE
  }

  /** A subject's own setting, which has no holes: what was not given is as in the registry's. */
  public Optional<Compatibility> compatibility(String subject) throws SQLException {
    return Sql.query(database, sql -> compatibility(sql, subject));
  }

  /** What holds for a subject: its own setting, else the registry's. */
  public Compatibility compatibilityInForce(String subject) throws SQLException {
    return Sql.query(database, sql -> compatibilityInForce(sql, subject));
  }

  static Compatibility compatibilityInForce(Sql sql, String subject) throws SQLException {
    Optional<Compatibility> own = compatibility(sql, subject);
    return own.isPresent() ? own.get() : compatibility(sql, ALL).orElse(Compatibility.INITIAL);
  }

  private static Optional<Compatibility> compatibility(Sql sql, String subject)
      throws SQLException {
    return sql.first(
        SubjectSettings::readCompatibility,
        "SELECT compatibility, policy, normalize, compatibility_group, accept_migrations"
            + " FROM registry.subject"
            + " WHERE type = ? AND compatibility IS NOT NULL",
        subject);
  }

  private static Compatibility readCompatibility(ResultSet row) throws SQLException {
    return new Compatibility(
        Compatibility.Level.valueOf(row.getString(1)),
        Compatibility.Policy.valueOf(row.getString(2)),
        row.getBoolean(3),
        row.getString(4),
        row.getBoolean(5));
  }

  /** A subject's own mode. */
  public Optional<Mode> mode(String subject) throws SQLException {
    return Sql.query(database, sql -> mode(sql, subject));
  }

  /** What holds for a subject. */
  public Mode modeInForce(String subject) throws SQLException {
    return Sql.query(database, sql -> modeInForce(sql, subject));
  }

  static Mode modeInForce(Sql sql, String subject) throws SQLException {
    Mode all = mode(sql, ALL).orElse(Mode.READWRITE);
    return all == Mode.READONLY_OVERRIDE ? all : mode(sql, subject).orElse(all);
  }

  private static Optional<Mode> mode(Sql sql, String subject) throws SQLException {
    return sql.first(
        row -> Mode.valueOf(row.getString(1)),
        "SELECT mode FROM registry.subject WHERE type = ? AND mode IS NOT NULL",
        subject);
  }

  /** Sets what is asked of new versions. */
  public void setCompatibility(String subject, Compatibility wanted, Change change)
      throws SQLException {
    change(
        subject,
        change,
        "compatibility "
            + wanted.level()
            + " "
            + wanted.policy()
            + (wanted.acceptMigrations() ? " or a migration" : ""),
        "UPDATE registry.subject SET compatibility = ?, policy = ?, normalize = ?,"
            + " compatibility_group = ?, accept_migrations = ? WHERE type = ?",
        wanted.level().name(),
        wanted.policy().name(),
        wanted.normalize(),
        wanted.group(),
        wanted.acceptMigrations(),
        subject);
  }

  /** Takes a subject's own setting away, so that the registry's holds. */
  public void clearCompatibility(String subject, Change change) throws SQLException {
    change(
        subject,
        change,
        "compatibility default",
        "UPDATE registry.subject SET compatibility = NULL, policy = NULL, normalize = NULL,"
            + " compatibility_group = NULL, accept_migrations = NULL WHERE type = ?",
        subject);
  }

  /** Sets who may change the subject. */
  public void setMode(String subject, Mode mode, Change change) throws SQLException {
    change(
        subject,
        change,
        "mode " + mode,
        "UPDATE registry.subject SET mode = ? WHERE type = ?",
        mode.name(),
        subject);
  }

  /** Takes a subject's own mode away. */
  public void clearMode(String subject, Change change) throws SQLException {
    change(
        subject,
        change,
        "mode default",
        "UPDATE registry.subject SET mode = NULL WHERE type = ?",
        subject);
  }

  /** Takes all settings of a subject's own away, as part of a change that holds its lock. */
  static void forget(Sql sql, String subject, Change change) throws SQLException {
    int changed =
        sql.update(
            "UPDATE registry.subject SET compatibility = NULL, policy = NULL, normalize = NULL,"
                + " compatibility_group = NULL, accept_migrations = NULL, mode = NULL"
                + " WHERE type = ? AND (compatibility IS NOT NULL OR mode IS NOT NULL)",
            subject);
    if (changed > 0) {
      long revision = Subjects.nextRevision(sql);
      Subjects.audit(sql, revision, change, "compatibility and mode default", subject, null);
    }
  }

  /**
   * Notes a change outside of the registry that a subject called for.
   *
   * @param action what was done, as the audit table shows it
   */
  public void note(String subject, String action, Change change) throws SQLException {
    change(subject, change, action, "");
  }

  private void change(String subject, Change change, String action, String update, Object... values)
      throws SQLException {
    try {
      Sql.transaction(
          database,
          sql -> {
            Subjects.lock(sql, subject);
            if (!update.isEmpty()) {
              sql.update(update, values);
            }
            Subjects.audit(sql, Subjects.nextRevision(sql), change, action, subject, null);
            return null;
          });
    } catch (ChangeRefusedException e) {
      throw new IllegalStateException("nothing refuses a setting", e);
    }
  }
}
