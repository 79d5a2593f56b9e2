package io.eventpipeline.compatibility.schema;

import static io.eventpipeline.compatibility.schema.Dialect.DRAFT_2019_09;
import static io.eventpipeline.compatibility.schema.Dialect.DRAFT_2020_12;
import static io.eventpipeline.compatibility.schema.Dialect.DRAFT_4;
import static io.eventpipeline.compatibility.schema.Dialect.DRAFT_6;
import static io.eventpipeline.compatibility.schema.Dialect.DRAFT_7;

import io.eventpipeline.compatibility.schema.SchemaReader.Subschemas;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the keywords of one schema object; the only place that knows how drafts differ. */
final class Keywords {
  private final Members members;
  private final Dialect dialect;
  private final Subschemas subschemas;
  private final List<String> opaque = new ArrayList<>();

  Keywords(Members members, Subschemas subschemas) {
    this.members = members;
    this.dialect = members.dialect();
    this.subschemas = subschemas;
  }

  void into(SchemaNode.Parts parts) throws UnusableSchemaException {
    parts.dialect = dialect;
    parts.types = SchemaReader.types(members);
    parts.values = values();
    parts.numbers = numbers();
    parts.strings =
        new StringRules(
            members.count("minLength", 0),
            members.count("maxLength", Long.MAX_VALUE),
            members.text("pattern"),
            members.text("format"));
    parts.combined = combinators();
    parts.arrays = arrays(parts.combined);
    parts.objects = objects(parts.combined);
    parts.opaque = opaque;
  }

  private List<JsonNode> values() throws UnusableSchemaException {
    List<JsonNode> values = null;
    JsonNode choices = members.get("enum");
    if (choices != null) {
      if (!choices.isArray()) {
        throw members.malformed("enum", "an array");
      }
      values = new ArrayList<>();
      choices.forEach(values::add);
    }
    JsonNode only = dialect.since(DRAFT_6) ? members.get("const") : null;
    if (only != null) {
      String text = JsonValues.text(only);
      boolean allowed =
          values == null || values.stream().anyMatch(v -> JsonValues.text(v).equals(text));
      values = allowed ? List.of(only) : List.of();
    }
    return values;
  }

  private NumberRules numbers() throws UnusableSchemaException {
    BigDecimal minimum = members.number("minimum");
    BigDecimal maximum = members.number("maximum");
    BigDecimal multipleOf = members.number("multipleOf");
    if (multipleOf != null && multipleOf.signum() <= 0) {
      throw members.malformed("multipleOf", "greater than 0");
    }
    if (dialect == DRAFT_4) {
      boolean above = members.flag("exclusiveMinimum") && minimum != null;
      boolean below = members.flag("exclusiveMaximum") && maximum != null;
      return new NumberRules(minimum, above, maximum, below, multipleOf);
    }
    BigDecimal above = members.number("exclusiveMinimum");
    boolean lowerOpen = above != null && (minimum == null || above.compareTo(minimum) >= 0);
    BigDecimal below = members.number("exclusiveMaximum");
    boolean upperOpen = below != null && (maximum == null || below.compareTo(maximum) <= 0);
    return new NumberRules(
        lowerOpen ? above : minimum, lowerOpen, upperOpen ? below : maximum, upperOpen, multipleOf);
  }

  private Combinators combinators() throws UnusableSchemaException {
    List<SchemaNode> allOf = subschemas.list(members, "allOf");
    SchemaNode condition = dialect.since(DRAFT_7) ? subschemas.one(members, "if") : null;
    return new Combinators(
        allOf == null ? List.of() : List.copyOf(allOf),
        subschemas.list(members, "anyOf"),
        subschemas.list(members, "oneOf"),
        subschemas.one(members, "not"),
        condition,
        condition == null ? null : subschemas.one(members, "then"),
        condition == null ? null : subschemas.one(members, "else"));
  }

  private ArrayRules arrays(Combinators combined) throws UnusableSchemaException {
    List<SchemaNode> prefix = List.of();
    SchemaNode rest = null;
    if (dialect.since(DRAFT_2020_12)) {
      List<SchemaNode> items = subschemas.list(members, "prefixItems");
      prefix = items == null ? List.of() : List.copyOf(items);
      rest = subschemas.one(members, "items");
    } else if (members.has("items") && members.get("items").isArray()) {
      prefix = List.copyOf(subschemas.list(members, "items"));
      rest = subschemas.one(members, "additionalItems");
    } else {
      rest = subschemas.one(members, "items");
    }
    SchemaNode contains = dialect.since(DRAFT_6) ? subschemas.one(members, "contains") : null;
    boolean counted = contains != null && dialect.since(DRAFT_2019_09);
    rest = unevaluated("unevaluatedItems", rest, contains == null && isPlain(combined));
    return new ArrayRules(
        prefix,
        rest,
        contains,
        counted ? members.count("minContains", 1) : 1,
        counted ? members.count("maxContains", Long.MAX_VALUE) : Long.MAX_VALUE,
        contains != null && dialect.since(DRAFT_2020_12),
        members.count("minItems", 0),
        members.count("maxItems", Long.MAX_VALUE),
        members.flag("uniqueItems"));
  }

  /** Nothing beside this object sees the same value, so it alone decides what is evaluated. */
  private boolean isPlain(Combinators combined) {
    return combined.equals(Combinators.NONE)
        && !members.has("$ref")
        && !members.has("$dynamicRef")
        && !members.has("$recursiveRef")
        && !members.has("dependentSchemas");
  }

  /**
   * {@code unevaluated*} is {@code additional*} where nothing else sees the value, or where it
   * takes everything: that one is kept, too, since it evaluates for an {@code unevaluated*} around
   * it. Elsewhere it is not reasoned about.
   *
   * @return the schema of what no other keyword of this object covers
   */
  private SchemaNode unevaluated(String keyword, SchemaNode rest, boolean plain)
      throws UnusableSchemaException {
    if (!dialect.since(DRAFT_2019_09) || !members.has(keyword) || rest != null) {
      return rest;
    }
    SchemaNode schema = subschemas.one(members, keyword);
    if (schema.isAnything() || plain) {
      return schema;
    }
    opaque.add(keyword);
    return null;
  }

  private ObjectRules objects(Combinators combined) throws UnusableSchemaException {
    Map<String, SchemaNode> properties = subschemas.map(members, "properties");
    Map<String, SchemaNode> patterns = subschemas.map(members, "patternProperties");
    SchemaNode additional = subschemas.one(members, "additionalProperties");
    Map<String, Set<String>> dependentRequired = new LinkedHashMap<>();
    Map<String, SchemaNode> dependentSchemas = new LinkedHashMap<>();
    dependencies(dependentRequired, dependentSchemas);
    return new ObjectRules(
        properties,
        patterns,
        unevaluated("unevaluatedProperties", additional, isPlain(combined)),
        dialect.since(DRAFT_6) ? subschemas.one(members, "propertyNames") : null,
        required(),
        members.count("minProperties", 0),
        members.count("maxProperties", Long.MAX_VALUE),
        dependentRequired,
        dependentSchemas);
  }

  /** Draft 3 had {@code required: true} in the property; it is still met, and means nothing. */
  private Set<String> required() throws UnusableSchemaException {
    JsonNode required = members.get("required");
    return required == null || required.isBoolean() ? Set.of() : members.names("required");
  }

  private void dependencies(Map<String, Set<String>> names, Map<String, SchemaNode> schemas)
      throws UnusableSchemaException {
    if (dialect.since(DRAFT_2019_09)) {
      schemas.putAll(subschemas.map(members, "dependentSchemas"));
      for (Map.Entry<String, JsonNode> entry : entries("dependentRequired")) {
        names.put(entry.getKey(), members.names(entry.getValue(), "dependentRequired"));
      }
      if (members.has("dependencies")) {
        opaque.add("dependencies"); // gone from the specification, kept by some validators
      }
      return;
    }
    for (Map.Entry<String, JsonNode> entry : entries("dependencies")) {
      if (entry.getValue().isArray()) {
        names.put(entry.getKey(), members.names(entry.getValue(), "dependencies"));
      } else {
        Location at = members.location().child("dependencies").child(entry.getKey());
        schemas.put(entry.getKey(), subschemas.read(entry.getValue(), at));
      }
    }
  }

  private Set<Map.Entry<String, JsonNode>> entries(String keyword) throws UnusableSchemaException {
    JsonNode value = members.get(keyword);
    if (value != null && !value.isObject()) {
      throw members.malformed(keyword, "an object");
    }
    return value == null ? Set.of() : value.properties();
  }
}
