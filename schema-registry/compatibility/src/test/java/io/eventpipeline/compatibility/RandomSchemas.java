package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.Dialect;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Random schemas over few names and numbers, so that two of them have something to do with each
 * other. Every document is valid in its draft.
 */
final class RandomSchemas {
  static final List<String> NAMES = List.of("a", "b", "ab", "c");
  static final List<String> PATTERNS =
      List.of("^a", "b$", "^[ab]+$", "a", "^(a|b)$", "^.{2}$", "^a*b?$", "");
  private static final List<String> TYPES =
      List.of("null", "boolean", "integer", "number", "string", "array", "object");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Random random;
  private final Family family;
  private final Dialect dialect;
  private final boolean references;

  RandomSchemas(Random random, Family family, Dialect dialect) {
    this.random = random;
    this.family = family;
    this.dialect = dialect;
    this.references = family.keywords().contains("$ref");
  }

  static String uri(Dialect dialect) {
    return switch (dialect) {
      case DRAFT_4 -> "http://json-schema.org/draft-04/schema#";
      case DRAFT_6 -> "http://json-schema.org/draft-06/schema#";
      case DRAFT_7 -> "http://json-schema.org/draft-07/schema#";
      case DRAFT_2019_09 -> "https://json-schema.org/draft/2019-09/schema";
      case DRAFT_2020_12 -> "https://json-schema.org/draft/2020-12/schema";
    };
  }

  /** A whole document. */
  ObjectNode document() {
    if (references && random.nextInt(3) > 0) {
      return new RandomReferences(random, dialect).document();
    }
    ObjectNode root = object(3, false);
    root.put("$schema", uri(dialect));
    if (references) {
      ObjectNode definitions = root.putObject("definitions");
      definitions.set("n", object(2, false));
      definitions.set("m", object(2, false));
      if (random.nextInt(2) == 0) {
        root = JSON.objectNode();
        root.put("$schema", uri(dialect)).put("$ref", "#/definitions/n");
        root.set("definitions", definitions);
      }
    }
    return root;
  }

  /** A schema somewhere inside. */
  private JsonNode schema(int depth) {
    boolean booleans = dialect.since(Dialect.DRAFT_6);
    if (depth <= 0 || random.nextInt(8) == 0) {
      return booleans && random.nextInt(4) == 0
          ? BooleanNode.valueOf(random.nextInt(3) > 0)
          : object(0, false);
    }
    return object(depth, false);
  }

  /** Inside of a member or item, where a reference cannot go in a circle. */
  private JsonNode guarded(int depth) {
    if (references && random.nextInt(3) == 0) {
      return JSON.objectNode().put("$ref", "#/definitions/" + pick(List.of("n", "m")));
    }
    return schema(depth);
  }

  private ObjectNode object(int depth, boolean one) {
    ObjectNode schema = JSON.objectNode();
    int keywords = one ? 1 : 1 + random.nextInt(4);
    for (int i = 0; i < keywords; i++) {
      keyword(schema, pick(family.keywords()), depth);
    }
    return schema;
  }

  private void keyword(ObjectNode schema, String keyword, int depth) {
    boolean leaf = depth <= 0;
    switch (keyword) {
      case "type" -> schema.set("type", type());
      case "enum" -> schema.set("enum", values());
      case "const" -> since(Dialect.DRAFT_6, () -> schema.set("const", value()));
      case "minimum", "maximum" -> schema.put(keyword, random.nextInt(6) - 1);
      case "exclusiveMinimum", "exclusiveMaximum" -> exclusive(schema, keyword);
      case "multipleOf" -> schema.put("multipleOf", pick(List.of(0.5, 1.0, 1.5, 2.0, 3.0)));
      case "minLength", "minItems", "minProperties" -> schema.put(keyword, random.nextInt(3));
      case "maxLength", "maxItems", "maxProperties" -> schema.put(keyword, random.nextInt(4));
      case "pattern" -> schema.put("pattern", pick(PATTERNS));
      case "uniqueItems" -> schema.put("uniqueItems", random.nextBoolean());
      case "required" -> schema.set("required", names());
      case "dependentRequired" -> dependentRequired(schema);
      default -> {
        if (!leaf) {
          applicator(schema, keyword, depth - 1);
        }
      }
    }
  }

  private void applicator(ObjectNode schema, String keyword, int depth) {
    switch (keyword) {
      case "prefix" -> prefix(schema, depth);
      case "items" -> items(schema, depth);
      case "contains" -> contains(schema, depth);
      case "properties" -> {
        ObjectNode properties = schema.putObject("properties");
        for (int i = 0; i <= random.nextInt(3); i++) {
          properties.set(pick(NAMES), guarded(depth));
        }
      }
      case "patternProperties" -> {
        ObjectNode patterns = schema.putObject("patternProperties");
        for (int i = 0; i <= random.nextInt(2); i++) {
          patterns.set(pick(PATTERNS), schema(depth));
        }
      }
      case "additionalProperties" ->
          schema.set(keyword, random.nextInt(2) == 0 ? BooleanNode.FALSE : guarded(depth));
      case "propertyNames" ->
          since(
              Dialect.DRAFT_6,
              () -> {
                ObjectNode names = JSON.objectNode();
                keyword(names, pick(List.of("pattern", "maxLength", "enum")), 0);
                schema.set(keyword, names);
              });
      case "dependentSchemas" -> dependentSchemas(schema, depth);
      case "allOf", "anyOf", "oneOf" -> {
        ArrayNode options = schema.putArray(keyword);
        for (int i = 0; i <= random.nextInt(3); i++) {
          options.add(schema(depth));
        }
      }
      case "not" -> schema.set("not", schema(depth));
      case "if" ->
          since(
              Dialect.DRAFT_7,
              () -> {
                schema.set("if", schema(depth));
                schema.set(random.nextBoolean() ? "then" : "else", schema(depth));
              });
      case "unevaluated" ->
          since(
              Dialect.DRAFT_2019_09,
              () ->
                  schema.set(
                      pick(List.of("unevaluatedProperties", "unevaluatedItems")),
                      random.nextInt(2) == 0 ? BooleanNode.FALSE : schema(depth)));
      default -> {} // $ref: where it is guarded
    }
  }

  private void since(Dialect first, Runnable then) {
    if (dialect.since(first)) {
      then.run();
    }
  }

  private void exclusive(ObjectNode schema, String keyword) {
    if (dialect == Dialect.DRAFT_4) {
      schema.put(keyword.equals("exclusiveMinimum") ? "minimum" : "maximum", random.nextInt(6) - 1);
      schema.put(keyword, random.nextBoolean());
    } else {
      schema.put(keyword, random.nextInt(6) - 1);
    }
  }

  private void prefix(ObjectNode schema, int depth) {
    ArrayNode places = JSON.arrayNode();
    for (int i = 0; i <= random.nextInt(2); i++) {
      places.add(schema(depth));
    }
    if (dialect.since(Dialect.DRAFT_2020_12)) {
      schema.set("prefixItems", places);
    } else {
      schema.set("items", places);
      if (random.nextBoolean()) {
        schema.set(
            "additionalItems", random.nextBoolean() ? BooleanNode.FALSE : object(depth, false));
      }
    }
  }

  private void items(ObjectNode schema, int depth) {
    boolean closed = dialect.since(Dialect.DRAFT_2020_12) && random.nextInt(3) == 0;
    schema.set("items", closed ? BooleanNode.FALSE : guarded(depth));
  }

  private void contains(ObjectNode schema, int depth) {
    since(Dialect.DRAFT_6, () -> schema.set("contains", schema(depth)));
    since(
        Dialect.DRAFT_2019_09,
        () -> {
          if (random.nextBoolean()) {
            schema.put("minContains", random.nextInt(3));
          }
          if (random.nextBoolean()) {
            schema.put("maxContains", random.nextInt(3));
          }
        });
  }

  private void dependentRequired(ObjectNode schema) {
    if (dialect.since(Dialect.DRAFT_2019_09)) {
      schema.putObject("dependentRequired").set(pick(NAMES), names());
    } else {
      schema.putObject("dependencies").set(pick(NAMES), names());
    }
  }

  private void dependentSchemas(ObjectNode schema, int depth) {
    String keyword = dialect.since(Dialect.DRAFT_2019_09) ? "dependentSchemas" : "dependencies";
    schema.putObject(keyword).set(pick(NAMES), object(depth, false));
  }

  private JsonNode type() {
    List<String> types = TYPES;
    String likely =
        switch (family) {
          case NUMBERS -> "number";
          case STRINGS -> "string";
          case ARRAYS -> "array";
          case OBJECTS, NAMES, DEPENDENCIES, UNIONS, CONDITIONS, REFERENCES -> "object";
          case VALUES, COMBINATORS, UNEVALUATED, EVALUATED, ALL -> pick(types);
        };
    if (random.nextInt(4) > 0) {
      return JSON.stringNode(random.nextInt(3) > 0 ? likely : pick(types));
    }
    ArrayNode list = JSON.arrayNode();
    types.stream().filter(t -> random.nextInt(3) == 0).forEach(list::add);
    if (list.toString().contains("number") && list.toString().contains("integer")) {
      list = JSON.arrayNode().add("number").add("null"); // see Oracle
    }
    return list.isEmpty() ? JSON.stringNode(likely) : list;
  }

  private ArrayNode names() {
    ArrayNode names = JSON.arrayNode();
    NAMES.stream().filter(n -> random.nextInt(3) == 0).forEach(names::add);
    if (names.isEmpty()) {
      names.add("a"); // draft 4 wants at least one
    }
    return names;
  }

  private ArrayNode values() {
    ArrayNode values = JSON.arrayNode();
    for (int i = 0; i <= random.nextInt(4); i++) {
      JsonNode value = value();
      boolean known = false;
      for (JsonNode other : values) {
        known |= other.equals(value);
      }
      if (!known) {
        values.add(value);
      }
    }
    return values;
  }

  private JsonNode value() {
    return new RandomValues(random).value(1);
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** A schema that differs from another in one to three places. */
  ObjectNode mutated(ObjectNode document) {
    if (RandomReferences.hasReferences(document) && random.nextInt(3) > 0) {
      return new RandomReferences(random, dialect).mutated(document);
    }
    ObjectNode copy = document.deepCopy();
    for (int i = 0; i <= random.nextInt(3); i++) {
      mutate(copy, 3);
    }
    return copy;
  }

  /** The words of another, which mean something else in this draft perhaps. */
  ObjectNode inThisDraft(ObjectNode document) {
    boolean malformed =
        dialect == Dialect.DRAFT_4
            || document.path("$schema").asString().equals(uri(Dialect.DRAFT_4))
            || (dialect == Dialect.DRAFT_2020_12 && document.toString().contains("\"items\":["));
    ObjectNode copy = document.deepCopy();
    return malformed ? copy : copy.put("$schema", uri(dialect));
  }

  private void mutate(ObjectNode schema, int depth) {
    List<ObjectNode> inner = Subschemas.of(schema);
    if (!inner.isEmpty() && random.nextInt(3) > 0) {
      mutate(pick(inner), depth - 1);
      return;
    }
    List<String> present =
        schema.propertyNames().stream()
            .filter(k -> !k.startsWith("$") && !k.equals("definitions"))
            .toList();
    if (!present.isEmpty() && random.nextInt(3) == 0) {
      schema.remove(pick(present));
      return;
    }
    object(Math.max(depth, 1), true)
        .properties()
        .forEach(k -> schema.set(k.getKey(), k.getValue()));
  }
}
