package io.eventpipeline.registry;

import io.eventpipeline.registry.store.Evolution;
import io.eventpipeline.schema.migration.Migration;
import io.eventpipeline.schema.migration.MigrationLimits;
import io.eventpipeline.schema.migration.MigrationRejectedException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The members that say how a version follows from earlier ones: {@code migration} and {@code
 * supersedes}, {@code null} taking them away, and in answers also {@code upcasts_from}.
 */
final class EvolutionBody {
  private EvolutionBody() {}

  /**
   * An expression that compiles.
   *
   * @param absent what to return when it is not there
   */
  static String migration(ObjectNode body, String absent) {
    if (body.path("migration").isNull()) {
      return "";
    }
    String expression =
        JsonBody.text(body, "migration", absent, MigrationLimits.EXPRESSION_CHARS_MAX);
    if (expression != null && body.has("migration")) {
      try {
        return Migration.compile(expression).expression();
      } catch (MigrationRejectedException e) {
        throw new Problem(Problem.Code.MIGRATION_REJECTED, "migration " + e.getMessage());
      }
    }
    return expression;
  }

  /**
   * The number of a version of the same type.
   *
   * @param absent what to return when it is not there
   */
  static Integer supersedes(ObjectNode body, Integer absent) {
    JsonNode value = body.path("supersedes");
    if (value.isMissingNode()) {
      return absent;
    }
    if (value.isNull()) {
      return 0;
    }
    if (!value.isInt() || value.asInt() < 1) {
      throw new Problem(
          Problem.Code.INVALID_REQUEST,
          "supersedes must be the number of an earlier version of the same type, or null");
    }
    return value.asInt();
  }

  static void write(Evolution evolution, int upcastsFrom, ObjectNode node) {
    if (!evolution.migration().isEmpty()) {
      node.put("migration", evolution.migration());
    }
    if (upcastsFrom != 0) {
      node.put("upcasts_from", upcastsFrom);
    }
    if (evolution.supersedes() != 0) {
      node.put("supersedes", evolution.supersedes());
    }
  }
}
