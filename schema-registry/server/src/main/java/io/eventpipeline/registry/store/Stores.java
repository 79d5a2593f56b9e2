package io.eventpipeline.registry.store;

import javax.sql.DataSource;

/** What can be asked of the database, in one hand. */
public record Stores(SchemaStore schemas, SchemaChanges changes, SubjectSettings settings) {
  public static Stores on(
      DataSource database,
      CompatibilityRule rule,
      MigrationRule migrations,
      PublishingRule publishing) {
    return new Stores(
        new SchemaStore(database),
        new SchemaChanges(database, new Publication(rule, migrations, publishing)),
        new SubjectSettings(database));
  }
}
