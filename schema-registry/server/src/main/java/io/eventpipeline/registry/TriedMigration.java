package io.eventpipeline.registry;

import io.eventpipeline.registry.store.Content;
import io.eventpipeline.registry.store.MigrationRule;
import io.eventpipeline.registry.store.SchemaVersion;
import io.eventpipeline.schema.CompiledSchema;
import io.eventpipeline.schema.SchemaRejectedException;
import io.eventpipeline.schema.Violation;
import io.eventpipeline.schema.migration.Migration;
import io.eventpipeline.schema.migration.MigrationRejectedException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A migration is held to what it makes of the {@code examples} in the schema of the version before:
 * each that is valid there must become valid here.
 */
final class TriedMigration implements MigrationRule {
  /** Bounds the time: an example costs at most what an event does. */
  private static final int EXAMPLES_MAX = 20;

  private static final int OBJECTIONS_MAX = 5;

  @Override
  public Trial attempt(String expression, SchemaVersion before, Content proposed) {
    try {
      Migration migration = Migration.compile(expression);
      CompiledSchema old = compiled(before.type(), before.content());
      CompiledSchema next = compiled(before.type(), proposed);
      JsonNode examples = JsonBody.JSON.readTree(before.content().document()).path("examples");
      List<String> objections = new ArrayList<>();
      int tried = 0;
      for (int i = 0; i < Math.min(EXAMPLES_MAX, examples.size()); i++) {
        if (old.validate(examples.get(i)).isEmpty()) {
          tried++;
          String objection = objection(migration, next, examples.get(i));
          if (!objection.isEmpty() && objections.size() < OBJECTIONS_MAX) {
            objections.add(
                "Of version " + before.version() + ", /examples/" + i + " " + objection + ".");
          }
        }
      }
      return new Trial(tried, objections);
    } catch (MigrationRejectedException | SchemaRejectedException e) {
      return new Trial(0, List.of("The migration cannot be tried: " + e.getMessage() + "."));
    }
  }

  private static CompiledSchema compiled(String type, Content content)
      throws SchemaRejectedException {
    return CompiledSchema.compile(0, type, 0, JsonBody.JSON.readTree(content.selfContained()));
  }

  /** What is wrong with what becomes of an example, {@code ""} when nothing is. */
  private static String objection(Migration migration, CompiledSchema schema, JsonNode example) {
    Migration.Result result = migration.apply(example);
    if (!result.done()) {
      return "cannot be migrated: " + result.failure();
    }
    if (!result.data().isObject()) {
      return "becomes " + shortened(result.data()) + ", and data must be an object";
    }
    List<Violation> violations = schema.validate(result.data());
    return violations.isEmpty()
        ? ""
        : "becomes " + shortened(result.data()) + ", which is not valid: " + violations.get(0);
  }

  private static String shortened(JsonNode data) {
    String text = data.toString();
    return text.length() <= 200 ? text : text.substring(0, 199) + "…";
  }
}
