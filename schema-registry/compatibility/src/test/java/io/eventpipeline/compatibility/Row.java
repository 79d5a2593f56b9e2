package io.eventpipeline.compatibility;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One row of {@code compatibility-table.json}.
 *
 * <p>{@code backward} and {@code forward} list the differences under STRICT, none meaning
 * compatible. {@code lenient} repeats a direction only where LENIENT answers otherwise.
 */
record Row(String family, JsonNode json) {
  static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  static List<Row> all() {
    List<Row> rows = new ArrayList<>();
    try (var in = Row.class.getResourceAsStream("compatibility-table.json")) {
      MAPPER
          .readTree(in)
          .properties()
          .forEach(family -> family.getValue().forEach(r -> rows.add(new Row(family.getKey(), r))));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return rows;
  }

  Version before() {
    return version("old");
  }

  Version after() {
    return version("new");
  }

  private Version version(String name) {
    JsonNode schema = json.get(name);
    String draft = json.path(name + "Draft").asString(json.path("draft").asString(""));
    if (!draft.isEmpty() && schema.isObject()) {
      schema = ((ObjectNode) schema.deepCopy()).put("$schema", draft);
    }
    return Version.of(name, schema);
  }

  Set<String> expected(Direction direction, Policy policy) {
    String name = direction == Direction.BACKWARD ? "backward" : "forward";
    JsonNode lenient = json.path("lenient").path(name);
    JsonNode list = policy == Policy.LENIENT && lenient.isArray() ? lenient : json.path(name);
    Set<String> names = new TreeSet<>();
    list.forEach(difference -> names.add(difference.asString()));
    return names;
  }

  @Override
  public String toString() {
    return family + ": " + json.path("change").asString();
  }
}
