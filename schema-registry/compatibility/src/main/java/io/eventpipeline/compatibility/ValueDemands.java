package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.JsonType;
import io.eventpipeline.compatibility.schema.SchemaNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** {@code type}, {@code enum} and {@code const}. */
final class ValueDemands {
  private static final int NAMED_MAX = 5;

  private final Containment containment;

  ValueDemands(Containment containment) {
    this.containment = containment;
  }

  Outcome check(Facts writer, SchemaNode reader) {
    return types(writer, reader).and(values(writer, reader));
  }

  private Outcome types(Facts writer, SchemaNode reader) {
    if (reader.types() == null || reader.types().containsAll(writer.types())) {
      return Outcome.PROVEN;
    }
    Set<JsonType> refused = EnumSet.copyOf(writer.types());
    refused.removeAll(reader.types());
    if (canBeAnyOf(writer, refused)) {
      return containment
          .explanation()
          .gap(Rule.TYPE, writer, reader, names(refused), "only " + names(reader.types()), "type");
    }
    return Outcome.PROVEN;
  }

  /** A kind of value that its own bounds leave empty needs no reader. */
  private boolean canBeAnyOf(Facts writer, Set<JsonType> types) {
    if (types.equals(writer.types())) {
      return true;
    }
    for (JsonType type : types) {
      Known ofType = writer.known().and(containment.ofTypes(EnumSet.of(type)));
      if (!containment.emptiness().isSure(ofType)) {
        return true;
      }
    }
    return false;
  }

  private static String names(Set<JsonType> types) {
    return types.stream()
        .filter(type -> type != JsonType.INTEGER || !types.contains(JsonType.FRACTION))
        .map(ValueDemands::name)
        .collect(Collectors.joining(", "));
  }

  private static String name(JsonType type) {
    return type == JsonType.FRACTION ? "number" : type.name().toLowerCase(Locale.ROOT);
  }

  private Outcome values(Facts writer, SchemaNode reader) {
    if (reader.values() == null) {
      return Outcome.PROVEN;
    }
    List<JsonNode> refused = new ArrayList<>();
    if (writer.candidates() != null) {
      for (JsonNode value : writer.candidates()) {
        if (!containment.evaluation().names(reader, value)) {
          refused.add(value);
        }
      }
      if (refused.isEmpty()) {
        return Outcome.PROVEN;
      }
    }
    String allows =
        writer.candidates() == null
            ? "values without listing them"
            : "the " + (refused.size() == 1 ? "value " : "values ") + list(refused);
    return containment
        .explanation()
        .gap(Rule.VALUE, writer, reader, allows, "only " + list(reader.values()), "enum", "const");
  }

  private String list(List<JsonNode> values) {
    String some =
        values.stream()
            .limit(NAMED_MAX)
            .map(containment.explanation()::shortened)
            .collect(Collectors.joining(", "));
    int more = values.size() - NAMED_MAX;
    return more > 0 ? some + " and " + more + " more" : some;
  }
}
