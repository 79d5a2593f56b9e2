package io.eventpipeline.compatibility;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The schemas directly inside of a schema, those that are objects. */
final class Subschemas {
  private static final Set<String> ONE =
      Set.of(
          "items",
          "additionalItems",
          "contains",
          "additionalProperties",
          "propertyNames",
          "not",
          "if",
          "then",
          "else",
          "unevaluatedProperties",
          "unevaluatedItems");
  private static final Set<String> MANY =
      Set.of(
          "properties",
          "patternProperties",
          "dependentSchemas",
          "dependencies",
          "definitions",
          "prefixItems",
          "allOf",
          "anyOf",
          "oneOf",
          "items");

  private Subschemas() {}

  static List<ObjectNode> of(ObjectNode schema) {
    List<ObjectNode> inner = new ArrayList<>();
    schema
        .properties()
        .forEach(
            member -> {
              JsonNode value = member.getValue();
              if (MANY.contains(member.getKey()) && !(value.isObject() && isOne(member.getKey()))) {
                value.forEach(each -> add(each, inner));
              } else if (ONE.contains(member.getKey())) {
                add(value, inner);
              }
            });
    return inner;
  }

  private static boolean isOne(String keyword) {
    return ONE.contains(keyword);
  }

  private static void add(JsonNode value, List<ObjectNode> inner) {
    if (value instanceof ObjectNode object) {
      inner.add(object);
    }
  }
}
