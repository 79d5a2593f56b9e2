package io.eventpipeline.compatibility;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Random values of the vocabulary of {@link RandomSchemas}, at will or after a schema. */
final class RandomValues {
  private static final List<String> TEXTS =
      List.of("", "a", "b", "aa", "ab", "ba", "bb", "abb", "c", "cab");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Random random;

  RandomValues(Random random) {
    this.random = random;
  }

  JsonNode value(int depth) {
    return ofType(random.nextInt(depth > 0 ? 6 : 4), depth, JSON.objectNode(), JSON.objectNode());
  }

  /** Tries to meet a schema, without care: the oracle says whether it does. */
  JsonNode like(JsonNode schema, JsonNode root, int depth) {
    if (depth <= 0 || !schema.isObject() || random.nextInt(12) == 0) {
      return value(Math.min(depth, 1));
    }
    JsonNode target = target(schema, root);
    if (target != null) {
      return like(target, root, depth - 1);
    }
    if (schema.has("const")) {
      return schema.get("const");
    }
    if (schema.path("enum").size() > 0) {
      return pick(list(schema.get("enum")));
    }
    JsonNode merged = random.nextInt(4) > 0 ? merged(schema, root) : schema;
    return ofType(type(merged), depth, merged, root);
  }

  private JsonNode target(JsonNode schema, JsonNode root) {
    return schema.path("$ref").isString()
        ? root.at(schema.get("$ref").asString().substring(1))
        : null;
  }

  /** The schema with one alternative of each combinator written into it. */
  private JsonNode merged(JsonNode schema, JsonNode root) {
    ObjectNode all = JSON.objectNode();
    List<JsonNode> parts = new ArrayList<>();
    schema.path("allOf").forEach(parts::add);
    for (String keyword : List.of("anyOf", "oneOf")) {
      if (schema.path(keyword).size() > 0) {
        parts.add(pick(list(schema.get(keyword))));
      }
    }
    for (String keyword : List.of("if", "then", "else")) {
      if (schema.has(keyword) && random.nextBoolean()) {
        parts.add(schema.get(keyword));
      }
    }
    for (String keyword : List.of("dependentSchemas", "dependencies")) {
      schema.path(keyword).forEach(parts::add);
    }
    for (JsonNode part : parts) {
      JsonNode target = target(part, root);
      JsonNode from = target == null ? part : target;
      from.properties().forEach(m -> merge(all, m.getKey(), m.getValue()));
    }
    schema.properties().forEach(m -> merge(all, m.getKey(), m.getValue()));
    return all;
  }

  private static void merge(ObjectNode into, String keyword, JsonNode value) {
    JsonNode before = into.get(keyword);
    if (before instanceof ObjectNode object && value.isObject()) {
      ObjectNode both = object.deepCopy();
      value.properties().forEach(m -> both.set(m.getKey(), m.getValue()));
      into.set(keyword, both);
    } else if (before instanceof ArrayNode array && value.isArray() && keyword.equals("required")) {
      ArrayNode both = array.deepCopy();
      value.forEach(both::add);
      into.set(keyword, both);
    } else {
      into.set(keyword, value);
    }
  }

  private int type(JsonNode schema) {
    JsonNode type = schema.path("type");
    String name =
        type.isString()
            ? type.asString()
            : type.size() > 0 ? pick(list(type)).asString() : guess(schema);
    return switch (name) {
      case "null" -> 0;
      case "boolean" -> 1;
      case "integer", "number" -> 2;
      case "string" -> 3;
      case "array" -> 4;
      case "object" -> 5;
      default -> random.nextInt(6);
    };
  }

  private String guess(JsonNode schema) {
    if (random.nextInt(4) == 0) {
      return "";
    }
    for (String keyword : schema.propertyNames()) {
      switch (keyword) {
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf" -> {
          return "number";
        }
        case "minLength", "maxLength", "pattern" -> {
          return "string";
        }
        case "items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems" -> {
          return "array";
        }
        case "properties",
            "required",
            "patternProperties",
            "additionalProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "dependentRequired" -> {
          return "object";
        }
        default -> {}
      }
    }
    return "";
  }

  private JsonNode ofType(int type, int depth, JsonNode schema, JsonNode root) {
    return switch (type) {
      case 0 -> JSON.nullNode();
      case 1 -> BooleanNode.valueOf(random.nextBoolean());
      case 2 -> number();
      case 3 -> JSON.stringNode(pick(TEXTS));
      case 4 -> array(depth, schema, root);
      default -> object(depth, schema, root);
    };
  }

  private JsonNode number() {
    int halves = random.nextInt(18) - 5;
    boolean whole = random.nextInt(3) > 0;
    return DecimalNode.valueOf(
        new java.math.BigDecimal(whole ? halves / 2 * 10 : halves * 5).movePointLeft(1));
  }

  private ArrayNode array(int depth, JsonNode schema, JsonNode root) {
    ArrayNode array = JSON.arrayNode();
    JsonNode prefix =
        schema.path("items").isArray() ? schema.get("items") : schema.path("prefixItems");
    JsonNode rest =
        schema.path("items").isArray() ? schema.path("additionalItems") : schema.path("items");
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      JsonNode item = prefix.has(i) ? prefix.get(i) : rest;
      if (schema.path("contains").isObject() && random.nextInt(3) == 0) {
        item = schema.get("contains");
      }
      array.add(like(item, root, depth - 1));
    }
    return array;
  }

  private ObjectNode object(int depth, JsonNode schema, JsonNode root) {
    ObjectNode object = JSON.objectNode();
    JsonNode properties = schema.path("properties");
    List<String> names = new ArrayList<>();
    schema.path("required").forEach(name -> names.add(name.asString()));
    properties.propertyNames().stream().filter(n -> random.nextInt(3) > 0).forEach(names::add);
    boolean closed = schema.path("additionalProperties").isBoolean();
    if (!closed || random.nextInt(4) == 0) {
      RandomSchemas.NAMES.stream().filter(n -> random.nextInt(4) == 0).forEach(names::add);
    }
    for (String name : names) {
      JsonNode inner = properties.path(name);
      if (inner.isMissingNode()) {
        List<JsonNode> patterns = list(schema.path("patternProperties"));
        inner = patterns.isEmpty() ? schema.path("additionalProperties") : pick(patterns);
      }
      object.set(name, like(inner, root, depth - 1));
    }
    return object;
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> all = new ArrayList<>();
    array.forEach(all::add);
    return all;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
