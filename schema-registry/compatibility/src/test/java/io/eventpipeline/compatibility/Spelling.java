package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.Dialect;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A schema of 2020-12 as an older draft writes it, where that has the words. */
final class Spelling {
  private final Dialect draft;
  private final Set<String> newest = Vocabulary.of(Dialect.DRAFT_2020_12);
  private final Set<String> known;
  private boolean possible = true;

  private Spelling(Dialect draft) {
    this.draft = draft;
    this.known = Vocabulary.of(draft);
  }

  /** The same in this draft; empty when it cannot be said in it. */
  static Optional<ObjectNode> in(Dialect draft, JsonNode schema) {
    if (!schema.isObject()) {
      return Optional.empty(); // there is no place for the draft's name
    }
    Spelling spelling = new Spelling(draft);
    ObjectNode said = (ObjectNode) Subschemas.each(schema, spelling::change);
    return spelling.possible
        ? Optional.of(said.put("$schema", RandomSchemas.uri(draft)))
        : Optional.empty();
  }

  private ObjectNode change(ObjectNode schema) {
    for (String keyword : schema.propertyNames()) {
      possible &= newest.contains(keyword) || Vocabulary.isSilent(keyword);
    }
    if (!draft.since(Dialect.DRAFT_2019_09)) {
      references(schema);
      dependencies(schema);
    }
    if (!draft.since(Dialect.DRAFT_2020_12) && schema.has("prefixItems")) {
      rename(schema, "items", "additionalItems");
      rename(schema, "prefixItems", "items");
    }
    if (draft == Dialect.DRAFT_4) {
      flag(schema, "minimum", "exclusiveMinimum");
      flag(schema, "maximum", "exclusiveMaximum");
      possible &= Subschemas.booleans(schema).isEmpty();
    }
    for (String keyword : schema.propertyNames()) {
      possible &= known.contains(keyword) || Vocabulary.isSilent(keyword);
    }
    return schema;
  }

  /** A reference hides its neighbours, and definitions have another name. */
  private void references(ObjectNode schema) {
    rename(schema, "$defs", "definitions");
    if (schema.has("$ref")) {
      String target = schema.get("$ref").asString();
      schema.put("$ref", target.replace("#/$defs/", "#/definitions/"));
      possible &= target.equals("#") || target.startsWith("#/");
      for (String keyword : schema.propertyNames()) {
        possible &= keyword.equals("$ref") || Vocabulary.isSilent(keyword);
      }
    }
  }

  private void dependencies(ObjectNode schema) {
    for (String keyword : new String[] {"dependentRequired", "dependentSchemas"}) {
      possible &= !(schema.has(keyword) && schema.has("dependencies"));
      rename(schema, keyword, "dependencies");
    }
  }

  private void flag(ObjectNode schema, String bound, String exclusive) {
    if (schema.has(exclusive)) {
      possible &= !schema.has(bound);
      schema.set(bound, schema.get(exclusive));
      schema.put(exclusive, true);
    }
  }

  private static void rename(ObjectNode schema, String from, String to) {
    JsonNode value = schema.remove(from);
    if (value != null) {
      schema.set(to, value);
    }
  }
}
