package io.eventpipeline.schema;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Where the references of one document lead, as far as a validator could take them there: a pointer
 * begins at the innermost schema with an address of its own, and goes by the name as it is written
 * or decoded; an anchor may be any of that name. One too many only makes a schema look costlier.
 */
final class ReferenceTargets {
  private static final Set<String> ANCHORS = Set.of("$anchor", "$dynamicAnchor");

  private final boolean before2019;
  private final boolean draft4;

  /** Drafts differ in what has an address; of a document of several, every reading counts. */
  private final boolean mixed;

  private final IdentityHashMap<JsonNode, List<JsonNode>> roots = new IdentityHashMap<>();
  private final Map<String, List<JsonNode>> anchors = new HashMap<>();

  /**
   * Reads all addresses of a document.
   *
   * @param document of bounded depth
   */
  ReferenceTargets(JsonNode document) {
    String draft = document.path("$schema").asString("");
    before2019 = draft.contains("/draft-0");
    draft4 = draft.contains("/draft-04/");
    mixed =
        document.findValues("$schema").stream()
            .anyMatch(other -> other.isString() && !other.asString().equals(draft));
    enter(document, List.of(document));
  }

  private void enter(JsonNode node, List<JsonNode> around) {
    List<JsonNode> own = around;
    if (node.isObject()) {
      if (hasAddress(node)) {
        own = new ArrayList<>(mixed ? around : List.of());
        own.add(node);
      }
      roots.put(node, own);
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        note(node, member.getKey(), member.getValue().asString(""));
      }
    }
    for (JsonNode child : node) {
      enter(child, own);
    }
  }

  private boolean hasAddress(JsonNode schema) {
    boolean hidden = before2019 && !mixed && schema.path("$ref").isString();
    boolean named =
        isAddress(schema.path("$id")) || ((draft4 || mixed) && isAddress(schema.path("id")));
    return named && !hidden;
  }

  private static boolean isAddress(JsonNode id) {
    return id.isString() && !id.asString().startsWith("#");
  }

  private void note(JsonNode schema, String keyword, String value) {
    boolean old = (keyword.equals("$id") || keyword.equals("id")) && value.startsWith("#");
    if (ANCHORS.contains(keyword) || old) {
      String name = old ? value.substring(1) : value;
      anchors.computeIfAbsent(name, n -> new ArrayList<>()).add(schema);
    }
  }

  /**
   * All that it could lead to; empty when that is nothing.
   *
   * @param schema the object in which the reference stands
   * @param reference that stays in the document: from {@code #} on
   */
  List<JsonNode> of(JsonNode schema, String reference) {
    String written = reference.startsWith("#") ? reference.substring(1) : "";
    List<JsonNode> targets = new ArrayList<>();
    for (String fragment : readings(written)) {
      if (fragment.isEmpty() || fragment.startsWith("/")) {
        for (JsonNode root : roots.getOrDefault(schema, List.of())) {
          JsonNode target = root.at(JsonPointer.compile(fragment));
          if (!target.isMissingNode()) {
            targets.add(target);
          }
        }
      } else {
        targets.addAll(anchors.getOrDefault(fragment, List.of()));
      }
    }
    return targets;
  }

  /** As it is written, decoded, and decoded with a + for a space: validators differ. */
  private static Set<String> readings(String fragment) {
    try {
      Set<String> readings = new LinkedHashSet<>(List.of(fragment));
      readings.add(URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8));
      readings.add(URLDecoder.decode(fragment, StandardCharsets.UTF_8));
      return readings;
    } catch (IllegalArgumentException e) {
      return Set.of(fragment); // a % that encodes nothing
    }
  }
}
