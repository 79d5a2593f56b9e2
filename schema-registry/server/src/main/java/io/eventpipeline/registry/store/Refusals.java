package io.eventpipeline.registry.store;

import io.eventpipeline.registry.store.ChangeRefusedException.Reason;
import java.sql.SQLException;
import java.util.Optional;

/** What the present state does not allow. To be asked under the locks of {@link Subjects}. */
final class Refusals {
  private Refusals() {}

  static void unlessWritable(Sql sql, String type) throws SQLException, ChangeRefusedException {
    SubjectSettings.Mode mode = SubjectSettings.modeInForce(sql, type);
    if (mode != SubjectSettings.Mode.READWRITE) {
      throw new ChangeRefusedException(Reason.READ_ONLY, type + " is in mode " + mode);
    }
  }

  /** Under the lock of {@code revision}: nobody withdraws what is found live here. */
  static void deadReferences(Sql sql, Content content) throws SQLException, ChangeRefusedException {
    for (Reference reference : content.references()) {
      Optional<SchemaVersion> target = VersionRows.find(sql, reference.type(), reference.version());
      if (target.isEmpty() || !target.get().live()) {
        throw new ChangeRefusedException(
            Reason.UNKNOWN_REFERENCE,
            "'"
                + reference.name()
                + "' refers to "
                + reference.type()
                + "/"
                + reference.version()
                + ", which is not a published version");
      }
    }
  }

  /**
   * Under the lock of {@code revision}: nobody refers to it after it was found alone here.
   *
   * @param condition which referrers count, beginning with AND; {@code ""} for all
   */
  static void referenced(Sql sql, SchemaVersion schema, String condition)
      throws SQLException, ChangeRefusedException {
    Optional<SchemaVersion> referrer =
        sql.first(
            VersionRows::read,
            VersionRows.SELECT + "WHERE c.refs @> ?::jsonb " + condition + " LIMIT 1",
            VersionRows.referenceTo(schema.type(), schema.version()));
    if (referrer.isPresent()) {
      throw new ChangeRefusedException(
          Reason.REFERENCED,
          referrer.get().type()
              + "/"
              + referrer.get().version()
              + " refers to "
              + schema.type()
              + "/"
              + schema.version());
    }
  }
}
