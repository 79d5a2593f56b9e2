package io.eventpipeline.schema;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rewrites a schema so that the validator compares numbers as they are.
 *
 * <p>Beside {@code "type": "integer"}, also as one of several types, networknt 3.0.9 compares with
 * {@code minimum} and {@code maximum} what is left of a number as a {@code long}: with {@code
 * "type": ["integer", "number"]} it takes -0.5 for 0, and at 1e99 it throws. Put into a schema of
 * their own under {@code allOf}, where no type stands, the same bounds are compared as decimals;
 * what the schema means, and the places of errors in the data, stay the same.
 */
final class ExactBounds {
  private static final List<String> BOUNDS =
      List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");

  private static final Set<String> SCHEMAS =
      Set.of(
          "not",
          "if",
          "then",
          "else",
          "items",
          "additionalItems",
          "unevaluatedItems",
          "contains",
          "additionalProperties",
          "unevaluatedProperties",
          "propertyNames",
          "contentSchema");

  private static final Set<String> LISTS =
      Set.of("allOf", "anyOf", "oneOf", "prefixItems", "items");

  private static final Set<String> MAPS =
      Set.of(
          "properties",
          "patternProperties",
          "dependentSchemas",
          "dependencies",
          "$defs",
          "definitions");

  private ExactBounds() {}

  /** An equivalent of {@code schema}, which is not changed. */
  static JsonNode of(JsonNode schema) {
    JsonNode copy = schema.deepCopy();
    rewrite(copy);
    return copy;
  }

  private static void rewrite(JsonNode node) {
    if (!(node instanceof ObjectNode schema)) {
      return;
    }
    for (Map.Entry<String, JsonNode> member : schema.properties()) {
      String keyword = member.getKey();
      if (SCHEMAS.contains(keyword)) {
        rewrite(member.getValue());
      }
      if (MAPS.contains(keyword) || (LISTS.contains(keyword) && member.getValue().isArray())) {
        member.getValue().forEach(ExactBounds::rewrite);
      }
    }
    if (takesIntegers(schema.path("type"))) {
      moveBounds(schema);
    }
  }

  private static boolean takesIntegers(JsonNode type) {
    if (!type.isArray()) {
      return type.asString("").equals("integer");
    }
    for (JsonNode one : type) {
      if (one.asString("").equals("integer")) {
        return true;
      }
    }
    return false;
  }

  private static void moveBounds(ObjectNode schema) {
    ObjectNode bounds = schema.objectNode();
    for (String bound : BOUNDS) {
      JsonNode value = schema.remove(bound);
      if (value != null) {
        bounds.set(bound, value);
      }
    }
    if (!bounds.isEmpty()) {
      ArrayNode all =
          schema.get("allOf") instanceof ArrayNode present ? present : schema.putArray("allOf");
      all.add(bounds); // at the end: references to the others stay right
    }
  }
}
