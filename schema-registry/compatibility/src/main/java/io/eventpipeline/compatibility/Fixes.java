package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.JsonType;
import io.eventpipeline.compatibility.schema.JsonValues;
import io.eventpipeline.compatibility.schema.SchemaNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The smallest change of the new schema for each rule. None is offered where it would take more
 * than one operation or a list of more than 200, where the place is in another registered schema,
 * or where nobody knows.
 */
final class Fixes {
  private static final Set<Rule> RESTORED =
      Set.of(
          Rule.MINIMUM,
          Rule.MAXIMUM,
          Rule.MULTIPLE_OF,
          Rule.MIN_LENGTH,
          Rule.MAX_LENGTH,
          Rule.PATTERN,
          Rule.PATTERN_UNDECIDED,
          Rule.FORMAT,
          Rule.MIN_ITEMS,
          Rule.MAX_ITEMS,
          Rule.UNIQUE_ITEMS,
          Rule.MIN_PROPERTIES,
          Rule.MAX_PROPERTIES,
          Rule.CLOSED);

  /** Nobody reads a longer list, and findings by the hundred would each hold one. */
  private static final int LIST_MAX = 200;

  private Fixes() {}

  static Optional<Fix> of(
      Rule rule, Direction direction, SchemaNode before, SchemaNode after, List<String> keywords) {
    if (!isOurs(after) || !before.source().isObject()) {
      return Optional.empty();
    }
    boolean backward = direction == Direction.BACKWARD;
    if (rule == Rule.TYPE) {
      return types(backward, before, after);
    }
    if (rule == Rule.VALUE) {
      return values(backward, before, after);
    }
    return RESTORED.contains(rule) ? restored(backward, before, after, keywords) : Optional.empty();
  }

  static Optional<Fix> ofProperty(
      Rule rule, Direction direction, SchemaNode before, SchemaNode after, String name) {
    if (!isOurs(after) || !before.source().isObject()) {
      return Optional.empty();
    }
    boolean backward = direction == Direction.BACKWARD;
    JsonNode old = before.source().path("properties").get(name);
    boolean copyable = old != null && !old.toString().contains("\"$");
    String path = after.location().child("properties").child(name).pointer();
    return switch (rule) {
      case REQUIRED, REQUIRED_WITH_DEFAULT -> required(backward, after, name);
      case PROPERTY_IN_OPEN, PROPERTY_IN_PARTIALLY_OPEN ->
          backward
              ? Optional.of(new Fix("replace", path, JsonNodeFactory.instance.objectNode()))
              : declared(after, path, copyable ? old : null);
      case PROPERTY_NOT_ALLOWED, PROPERTY_NOT_COVERED ->
          backward
              ? declared(after, path, copyable ? old : null)
              : Optional.of(new Fix("remove", path, null));
      default -> Optional.empty();
    };
  }

  private static boolean isOurs(SchemaNode after) {
    return after.location().document().isEmpty() && after.source().isObject();
  }

  private static Optional<Fix> declared(SchemaNode after, String path, JsonNode schema) {
    boolean place = schema != null && after.source().path("properties").isObject();
    return place ? Optional.of(new Fix("add", path, schema)) : Optional.empty();
  }

  /** A reader is loosened by dropping the keyword, a writer tightened by the old one. */
  private static Optional<Fix> restored(
      boolean backward, SchemaNode before, SchemaNode after, List<String> keywords) {
    List<String> old = keywords.stream().filter(before.source()::has).toList();
    List<String> now = keywords.stream().filter(after.source()::has).toList();
    if (old.size() > 1 || now.size() > 1) {
      return Optional.empty();
    }
    if (!old.isEmpty() && (old.equals(now) || !backward)) {
      return Optional.of(set(after, old.get(0), before.source().get(old.get(0))));
    }
    return backward && !now.isEmpty()
        ? Optional.of(new Fix("remove", after.location().child(now.get(0)).pointer(), null))
        : Optional.empty();
  }

  private static Fix set(SchemaNode after, String keyword, JsonNode value) {
    String operation = after.source().has(keyword) ? "replace" : "add";
    return new Fix(operation, after.location().child(keyword).pointer(), value);
  }

  private static Optional<Fix> types(boolean backward, SchemaNode before, SchemaNode after) {
    if (before.types() == null) {
      return backward
          ? Optional.of(new Fix("remove", after.location().child("type").pointer(), null))
          : Optional.empty();
    }
    Set<String> names = names(before);
    if (backward) {
      names.addAll(names(after));
    }
    if (names.contains("number")) {
      names.remove("integer");
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    names.forEach(list::add);
    JsonNode value = list.size() == 1 ? list.get(0) : list;
    return Optional.of(set(after, "type", value));
  }

  private static Set<String> names(SchemaNode node) {
    Set<JsonType> types = node.types() == null ? Set.of() : node.types();
    return types.stream()
        .map(type -> nameOf(type, types))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String nameOf(JsonType type, Set<JsonType> all) {
    return switch (type) {
      case NULL -> "null";
      case BOOLEAN -> "boolean";
      case INTEGER -> all.contains(JsonType.FRACTION) ? "number" : "integer";
      case FRACTION -> "number";
      case STRING -> "string";
      case ARRAY -> "array";
      case OBJECT -> "object";
    };
  }

  private static Optional<Fix> values(boolean backward, SchemaNode before, SchemaNode after) {
    if (before.values() == null) {
      boolean single = after.source().has("enum") != after.source().has("const");
      String keyword = after.source().has("enum") ? "enum" : "const";
      return backward && single
          ? Optional.of(new Fix("remove", after.location().child(keyword).pointer(), null))
          : Optional.empty();
    }
    if (after.source().has("const") || before.values().size() > LIST_MAX) {
      return Optional.empty();
    }
    Set<String> texts = new LinkedHashSet<>();
    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
    List<JsonNode> now = after.values() == null ? List.of() : after.values();
    if (now.size() > LIST_MAX) {
      return Optional.empty();
    }
    now.forEach(value -> texts.add(JsonValues.text(value)));
    if (backward) {
      now.forEach(kept::add);
      before.values().stream().filter(v -> texts.add(JsonValues.text(v))).forEach(kept::add);
    } else {
      before.values().stream()
          .filter(v -> now.isEmpty() || texts.contains(JsonValues.text(v)))
          .forEach(kept::add);
    }
    return kept.isEmpty() ? Optional.empty() : Optional.of(set(after, "enum", kept));
  }

  private static Optional<Fix> required(boolean backward, SchemaNode after, String name) {
    if (after.objects().required().size() > LIST_MAX) {
      return Optional.empty();
    }
    ArrayNode names = JsonNodeFactory.instance.arrayNode();
    for (String required : after.objects().required()) {
      if (!required.equals(name)) {
        names.add(required);
      }
    }
    if (!backward) {
      names.add(name);
    } else if (names.isEmpty()) {
      String path = after.location().child("required").pointer();
      return Optional.of(new Fix("remove", path, null)); // draft 4 wants at least one name
    }
    return Optional.of(set(after, "required", names));
  }
}
