package io.eventpipeline.compatibility;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
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
          "$defs",
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

  /** A copy in which every schema that is an object is changed, the innermost first. */
  static JsonNode each(JsonNode schema, UnaryOperator<ObjectNode> change) {
    if (!(schema instanceof ObjectNode object)) {
      return schema.deepCopy();
    }
    ObjectNode copy = object.objectNode();
    object
        .properties()
        .forEach(
            member ->
                copy.set(member.getKey(), inside(member.getKey(), member.getValue(), change)));
    return change.apply(copy);
  }

  private static JsonNode inside(String keyword, JsonNode value, UnaryOperator<ObjectNode> change) {
    if (isOne(keyword) && !value.isArray()) {
      return each(value, change);
    }
    if (MANY.contains(keyword) && value.isArray()) {
      ArrayNode list = ((ArrayNode) value).arrayNode();
      value.forEach(one -> list.add(each(one, change)));
      return list;
    }
    if (MANY.contains(keyword) && value instanceof ObjectNode named) {
      ObjectNode map = named.objectNode();
      named.properties().forEach(one -> map.set(one.getKey(), each(one.getValue(), change)));
      return map;
    }
    return value.deepCopy();
  }

  /** Keywords whose schema, or one of whose schemas, is only true or false. */
  static List<String> booleans(ObjectNode schema) {
    List<String> found = new ArrayList<>();
    schema
        .properties()
        .forEach(
            member -> {
              boolean one = isOne(member.getKey()) && member.getValue().isBoolean();
              boolean mayBe = member.getKey().startsWith("additional");
              boolean some =
                  MANY.contains(member.getKey())
                      && member.getValue().valueStream().anyMatch(JsonNode::isBoolean);
              if (some || (one && !mayBe)) {
                found.add(member.getKey());
              }
            });
    return found;
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
