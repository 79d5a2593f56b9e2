package io.eventpipeline.registry.store;

import io.eventpipeline.registry.store.ChangeRefusedException.Reason;
import io.eventpipeline.registry.store.MigrationRule.Trial;
import java.sql.SQLException;
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
    LiveVersions live = VersionRows.live(sql, type);
    supersede(evolution, live);
    Optional<SchemaVersion> before = live.newest();
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
                || compatibility
                    .judge(content, LiveVersions.of(before.get()), AS_IT_IS)
                    .compatible());
    return readable ? before.get().version() : null;
  }

  private void refuse(Content content, LiveVersions earlier, Compatibility asked)
      throws SQLException, ChangeRefusedException {
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

  private static void supersede(Evolution evolution, LiveVersions live)
      throws ChangeRefusedException {
    Optional<String> objection = Correction.objection(evolution, live.outlines());
    if (objection.isPresent()) {
      throw new ChangeRefusedException(Reason.CANNOT_SUPERSEDE, objection.get());
    }
  }
}
