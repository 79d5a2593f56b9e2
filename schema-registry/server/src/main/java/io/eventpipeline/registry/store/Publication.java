package io.eventpipeline.registry.store;

import io.eventpipeline.registry.store.ChangeRefusedException.Reason;
import io.eventpipeline.registry.store.MigrationRule.Trial;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What must hold before a version is open to producers. To be asked under the locks of {@link
 * Subjects}.
 */
final class Publication {
  private static final Compatibility AS_IT_IS =
      new Compatibility(
          Compatibility.Level.BACKWARD, Compatibility.Policy.STRICT, false, "", false);

  private final CompatibilityRule compatibility;
  private final MigrationRule migrations;
  private final PublishingRule surroundings;

  Publication(
      CompatibilityRule compatibility, MigrationRule migrations, PublishingRule surroundings) {
    this.compatibility = compatibility;
    this.migrations = migrations;
    this.surroundings = surroundings;
  }

  /**
   * Refuses what must not be published.
   *
   * @return the version whose data can be read as the new one's, null when none
   * @throws ChangeRefusedException INCOMPATIBLE, MIGRATION_FAILS, CANNOT_SUPERSEDE or
   *     COLUMNS_MISSING
   */
  Integer check(Sql sql, String type, Content content, Evolution evolution)
      throws SQLException, ChangeRefusedException {
    List<SchemaVersion> live = VersionRows.live(sql, type);
    Optional<SchemaVersion> before =
        live.isEmpty() ? Optional.empty() : Optional.of(live.get(live.size() - 1));
    supersede(evolution, live, before);
    boolean migrates = !evolution.migration().isEmpty();
    int examples = migrates ? tried(evolution.migration(), before, content) : 0;
    Compatibility asked = SubjectSettings.compatibilityInForce(sql, type);
    for (Requirement requirement : Requirement.of(live, asked, examples)) {
      refuse(content, requirement.earlier(), requirement.asked());
    }
    surroundings.require(content);
    boolean readable =
        before.isPresent()
            && (migrates
                || compatibility.judge(content, List.of(before.get()), AS_IT_IS).compatible());
    return readable ? before.get().version() : null;
  }

  private void refuse(Content content, List<SchemaVersion> earlier, Compatibility asked)
      throws ChangeRefusedException {
    Judgement judgement = compatibility.judge(content, earlier, asked);
    if (!judgement.compatible()) {
      throw new ChangeRefusedException(
          Reason.INCOMPATIBLE, String.join(" ", judgement.objections()), judgement);
    }
  }

  private int tried(String migration, Optional<SchemaVersion> before, Content content)
      throws ChangeRefusedException {
    if (before.isEmpty()) {
      throw new ChangeRefusedException(
          Reason.MIGRATION_FAILS, "there is no published version to migrate from");
    }
    Trial trial = migrations.attempt(migration, before.get(), content);
    if (!trial.objections().isEmpty()) {
      throw new ChangeRefusedException(
          Reason.MIGRATION_FAILS, String.join(" ", trial.objections()));
    }
    return trial.examples();
  }

  private static void supersede(
      Evolution evolution, List<SchemaVersion> live, Optional<SchemaVersion> before)
      throws ChangeRefusedException {
    int corrected = evolution.supersedes();
    if (corrected == 0) {
      return;
    }
    if (live.stream().noneMatch(schema -> schema.version() == corrected)) {
      throw cannotSupersede(corrected, "it is no published version of this type");
    }
    for (SchemaVersion schema : live) {
      if (schema.evolution().supersedes() == corrected) {
        throw cannotSupersede(
            corrected, "version " + schema.version() + " does: supersede that one");
      }
    }
    if (!evolution.migration().isEmpty() && before.orElseThrow().version() != corrected) {
      throw cannotSupersede(
          corrected,
          "the migration takes data of version "
              + before.get().version()
              + ", and what names version "
              + corrected
              + " would be read as that");
    }
  }

  private static ChangeRefusedException cannotSupersede(int version, String why) {
    return new ChangeRefusedException(
        Reason.CANNOT_SUPERSEDE, "version " + version + " cannot be superseded: " + why);
  }
}
