package io.eventpipeline.registry.warehouse;

import io.eventpipeline.registry.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Reads the keyword {@code x-column} out of a schema: {@code "x-column": "gift_wrap"}, or {@code
 * "x-column": {"name": "net", "type": "decimal"}} to choose another type than the schema suggests.
 *
 * <p>It may stand beside the schema of a property of the data, or of a property of such an object,
 * whose values are strings, numbers or booleans. Anywhere else it would mean nothing, and is
 * refused instead of being ignored.
 */
public final class PromotedFields {
  public static final String KEYWORD = "x-column";

  /** More would make a table of one type's columns out of a table of all types. */
  private static final int COLUMNS_MAX = 50;

  private static final int REFERENCES_MAX = 10;

  private static final Pattern COLUMN = Pattern.compile("[a-z][a-z0-9_]{0,62}");
  private static final Pattern MEMBER = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,63}");

  /** Members of a schema whose members are names, not keywords. */
  private static final Set<String> NAMED =
      Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas");

  /** Members of a schema that hold data. */
  private static final Set<String> DATA = Set.of("const", "enum", "default", "examples");

  private final JsonNode root;
  private final Map<String, PromotedField> found = new HashMap<>();
  private final List<PromotedField> fields = new ArrayList<>();

  private PromotedFields(JsonNode root) {
    this.root = root;
  }

  /**
   * The fields that are to be columns, in the order of the schema.
   *
   * @param schema self-contained
   * @throws Problem UNUSABLE_COLUMN with the place and the reason
   */
  public static List<PromotedField> of(JsonNode schema) {
    PromotedFields reader = new PromotedFields(schema);
    reader.walk(schema, "", List.of());
    return List.copyOf(reader.fields);
  }

  /**
   * @param path of the field that this schema is of; null where it is of no single field
   */
  private void walk(JsonNode schema, String pointer, List<String> path) {
    if (schema.isArray()) {
      for (int i = 0; i < schema.size(); i++) {
        walk(schema.get(i), pointer + "/" + i, null);
      }
      return;
    }
    if (schema.has(KEYWORD)) {
      add(schema, pointer + "/" + KEYWORD, path);
    }
    for (Map.Entry<String, JsonNode> member : schema.properties()) {
      String keyword = member.getKey();
      String at = pointer + "/" + keyword;
      if (NAMED.contains(keyword)) {
        boolean fields = path != null && keyword.equals("properties");
        for (Map.Entry<String, JsonNode> named : member.getValue().properties()) {
          List<String> below = fields ? append(path, named.getKey()) : null;
          walk(named.getValue(), at + "/" + named.getKey(), below);
        }
      } else if (!DATA.contains(keyword) && !keyword.equals(KEYWORD)) {
        walk(member.getValue(), at, null);
      }
    }
  }

  private static List<String> append(List<String> path, String name) {
    return Stream.concat(path.stream(), Stream.of(name)).toList();
  }

  private void add(JsonNode schema, String at, List<String> path) {
    if (path == null || path.isEmpty()) {
      throw unusable(at, "it may only stand beside the schema of a property of the data");
    }
    for (String name : path) {
      if (!MEMBER.matcher(name).matches()) {
        throw unusable(at, "'" + name + "' is no plain name: letters, digits, _ and -");
      }
    }
    JsonNode wanted = schema.get(KEYWORD);
    boolean inWords = wanted.isString();
    if (!inWords
        && (!wanted.isObject() || !Set.of("name", "type").containsAll(wanted.propertyNames()))) {
      throw unusable(at, "it must be the name of a column, or {\"name\", \"type\"}");
    }
    String name = inWords ? wanted.asString() : wanted.path("name").asString("");
    if (!COLUMN.matcher(name).matches()) {
      throw unusable(at, "a column is named by a-z, 0-9 and _, from a letter on, at most 63");
    }
    PromotedField field = new PromotedField(name, path, type(schema, wanted.path("type"), at));
    if (found.put(name, field) != null) {
      throw unusable(at, "two fields are to be the column " + name);
    }
    fields.add(field);
    if (fields.size() > COLUMNS_MAX) {
      throw unusable(at, "more than " + COLUMNS_MAX + " columns");
    }
  }

  private ColumnType type(JsonNode declared, JsonNode wanted, String at) {
    JsonNode schema = resolve(declared, at);
    String jsonType = jsonType(schema, at);
    if (wanted.isMissingNode()) {
      return suggested(schema, jsonType);
    }
    for (ColumnType type : ColumnType.values()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(wanted.asString(""))
          && type.holds(jsonType)) {
        return type;
      }
    }
    List<String> possible =
        Stream.of(ColumnType.values())
            .filter(type -> type.holds(jsonType))
            .map(type -> type.name().toLowerCase(Locale.ROOT))
            .toList();
    throw unusable(at, "a " + jsonType + " can be " + String.join(", ", possible));
  }

  /** The schema that says the type: what a reference beside it leads to. */
  private JsonNode resolve(JsonNode declared, String at) {
    JsonNode schema = declared;
    for (int i = 0;
        i < REFERENCES_MAX && !schema.has("type") && schema.path("$ref").isString();
        i++) {
      String reference = schema.get("$ref").asString();
      if (!reference.startsWith("#/") || reference.contains("%")) {
        throw unusable(
            at, "the type behind $ref '" + reference + "' is not followed: name it here");
      }
      schema = root.at(reference.substring(1));
    }
    return schema;
  }

  private static String jsonType(JsonNode schema, String at) {
    List<String> types = new ArrayList<>();
    JsonNode declared = schema.path("type");
    if (declared.isString()) {
      types.add(declared.asString());
    }
    declared.values().forEach(type -> types.add(type.asString("")));
    types.remove("null");
    if (types.contains("number")) {
      types.remove("integer");
    }
    if (types.size() != 1 || Set.of("object", "array").contains(types.get(0))) {
      throw unusable(at, "the field's type must be one of string, integer, number and boolean");
    }
    return types.get(0);
  }

  private static ColumnType suggested(JsonNode schema, String jsonType) {
    return switch (jsonType) {
      case "boolean" -> ColumnType.BOOLEAN;
      case "integer" -> ColumnType.INTEGER;
      case "number" -> isMoney(schema.path("multipleOf")) ? ColumnType.DECIMAL : ColumnType.FLOAT;
      default ->
          switch (schema.path("format").asString("")) {
            case "date-time" -> ColumnType.TIMESTAMP;
            case "date" -> ColumnType.DATE;
            case "uuid" -> ColumnType.UUID;
            default ->
                schema.has("enum") || schema.has("const") ? ColumnType.CODE : ColumnType.STRING;
          };
    };
  }

  /** A step of at most four places: such numbers are decimals. */
  private static boolean isMoney(JsonNode multipleOf) {
    if (!multipleOf.isNumber()) {
      return false;
    }
    BigDecimal step = multipleOf.decimalValue().stripTrailingZeros();
    return step.scale() > 0 && step.scale() <= 4;
  }

  private static Problem unusable(String at, String why) {
    return new Problem(Problem.Code.UNUSABLE_COLUMN, "At " + at + ": " + why);
  }
}
