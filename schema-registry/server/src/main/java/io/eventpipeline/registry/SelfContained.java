package io.eventpipeline.registry;

import io.eventpipeline.registry.store.Reference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One document out of a schema and all that it refers to, so that validators and the compatibility
 * check need no registry, and nothing that could be fetched is left.
 *
 * <p>A referenced schema goes below {@code $defs} (or {@code definitions}, before 2019-09) under
 * {@code <type>:<version>}, and every {@code $ref} to it or inside it becomes a pointer. That keeps
 * the meaning as long as all documents are of one draft and address their parts by pointers;
 * anchors and further {@code $id}s are refused.
 */
final class SelfContained {
  /** Members whose values map names to schemas. */
  static final Set<String> MAPS =
      Set.of(
          "properties",
          "patternProperties",
          "$defs",
          "definitions",
          "dependentSchemas",
          "dependencies");

  /** Members whose values are data, not schemas. */
  static final Set<String> DATA = Set.of("const", "enum", "default", "examples");

  private static final Set<String> ADDRESSES =
      Set.of(
          "$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveAnchor", "$recursiveRef");

  private static final String NEWEST_DRAFT = "https://json-schema.org/draft/2020-12/schema";

  /** Most schemas in one document; each is at least one of the 100 references that are allowed. */
  private static final int SCHEMAS_MAX = 100;

  /** Gives the schema that a reference means. */
  @FunctionalInterface
  interface Resolver<E extends Exception> {
    Part resolve(Reference reference) throws E;
  }

  /** A schema as registered, and what it refers to. */
  record Part(JsonNode document, List<Reference> references) {}

  private final String container;
  private final boolean draft4;

  private SelfContained(String draft) {
    this.container = draft.contains("draft-0") ? "definitions" : "$defs";
    this.draft4 = draft.contains("draft-04");
  }

  /**
   * The schema with everything inside it; itself when it refers to nothing.
   *
   * @throws Problem when the documents cannot be made one
   */
  static <E extends Exception> JsonNode of(Part root, Resolver<E> resolver) throws E {
    if (root.references().isEmpty()) {
      return root.document();
    }
    String draft = draft(root.document());
    SelfContained bundle = new SelfContained(draft);
    Map<String, Part> parts = collect(root, resolver, draft);
    ObjectNode whole = bundle.rewritten(root, "#");
    ObjectNode definitions = whole.withObjectProperty(bundle.container);
    for (Map.Entry<String, Part> part : parts.entrySet()) {
      ObjectNode inner = bundle.rewritten(part.getValue(), bundle.pointer(part.getKey()));
      inner.remove(List.of("$schema", "$id", "id"));
      if (definitions.has(part.getKey())) {
        throw rejected(bundle.container + " has a member '" + part.getKey() + "' already");
      }
      definitions.set(part.getKey(), inner);
    }
    return whole;
  }

  private static <E extends Exception> Map<String, Part> collect(
      Part root, Resolver<E> resolver, String draft) throws E {
    Map<String, Part> parts = new LinkedHashMap<>();
    Deque<Reference> open = new ArrayDeque<>(root.references());
    while (!open.isEmpty()) {
      Reference reference = open.poll();
      if (parts.containsKey(key(reference))) {
        continue;
      }
      if (parts.size() == SCHEMAS_MAX) {
        throw rejected("more than " + SCHEMAS_MAX + " schemas are referred to");
      }
      Part part = resolver.resolve(reference);
      if (!draft(part.document()).equals(draft)) {
        throw rejected(key(reference) + " is not of the draft " + draft);
      }
      parts.put(key(reference), part);
      open.addAll(part.references());
    }
    return parts;
  }

  private static String key(Reference reference) {
    return reference.type() + ":" + reference.version();
  }

  private String pointer(String key) {
    return "#/" + container + "/" + key;
  }

  private static String draft(JsonNode document) {
    String draft = document.path("$schema").asString(NEWEST_DRAFT);
    return draft.endsWith("#") ? draft.substring(0, draft.length() - 1) : draft;
  }

  private ObjectNode rewritten(Part part, String self) {
    Map<String, String> targets = new LinkedHashMap<>();
    for (Reference reference : part.references()) {
      targets.put(reference.name(), pointer(key(reference)));
    }
    if (schema(part.document(), self, targets, true) instanceof ObjectNode object) {
      return object;
    }
    throw rejected("a schema must be a JSON object");
  }

  private JsonNode schema(JsonNode node, String self, Map<String, String> targets, boolean root) {
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JsonBody.JSON.createArrayNode();
      array.forEach(item -> copy.add(schema(item, self, targets, false)));
      return copy;
    }
    if (!(node instanceof ObjectNode)) {
      return node;
    }
    ObjectNode copy = JsonBody.JSON.createObjectNode();
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String keyword = member.getKey();
      JsonNode value = member.getValue();
      boolean oldAddress = keyword.equals("id") && value.isString() && !root && draft4;
      if (oldAddress || (ADDRESSES.contains(keyword) && !(root && keyword.equals("$id")))) {
        throw rejected("'" + keyword + "' cannot be used together with references");
      }
      if (keyword.equals("$ref") && value.isString()) {
        copy.put(keyword, target(value.asString(), self, targets));
      } else if (DATA.contains(keyword)) {
        copy.set(keyword, value);
      } else if (MAPS.contains(keyword) && value.isObject()) {
        ObjectNode map = copy.putObject(keyword);
        value
            .properties()
            .forEach(
                named -> map.set(named.getKey(), schema(named.getValue(), self, targets, false)));
      } else {
        copy.set(keyword, schema(value, self, targets, false));
      }
    }
    return copy;
  }

  private static String target(String ref, String self, Map<String, String> targets) {
    if (targets.containsKey(ref)) {
      return targets.get(ref);
    }
    int hash = ref.indexOf('#');
    String address = hash < 0 ? ref : ref.substring(0, hash);
    String fragment = hash < 0 ? "" : ref.substring(hash + 1);
    String base = address.isEmpty() ? self : targets.get(address);
    if (base == null) {
      return ref; // leads out of the document: refused where every schema is
    }
    if (!fragment.isEmpty() && !fragment.startsWith("/")) {
      throw rejected("'" + ref + "' is not a pointer; no other can be used with references");
    }
    return base + fragment;
  }

  private static Problem rejected(String why) {
    return new Problem(Problem.Code.SCHEMA_REJECTED, why);
  }

  /** What a list of references must keep: bounded, and each name once. */
  static List<Reference> checked(List<Reference> references) {
    List<String> names = new ArrayList<>();
    for (Reference reference : references) {
      if (names.contains(reference.name())) {
        throw rejected("'" + reference.name() + "' is the name of two references");
      }
      names.add(reference.name());
    }
    if (names.size() > SCHEMAS_MAX) {
      throw rejected("more than " + SCHEMAS_MAX + " references");
    }
    return references;
  }
}
