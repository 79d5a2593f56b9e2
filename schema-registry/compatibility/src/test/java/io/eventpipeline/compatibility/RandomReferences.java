package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Random schemas whose definitions refer to each other and to themselves: lists, trees, unions of
 * an end and a next one. And others that differ from such a one in how the same is written (a
 * reference unfolded, put behind another, or leading to a copy), in where one reference leads, or
 * in one bound that perhaps only a value of some depth meets: what a proof by induction can get
 * wrong.
 */
final class RandomReferences {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String PREFIX = "#/definitions/";

  /** A document above this is not unfolded further. */
  private static final int TEXT_MAX = 4_000;

  private final Random random;
  private final Dialect dialect;

  RandomReferences(Random random, Dialect dialect) {
    this.random = random;
    this.dialect = dialect;
  }

  ObjectNode document() {
    ObjectNode root =
        switch (random.nextInt(4)) {
          case 0 -> node();
          case 1 -> JSON.objectNode().set("allOf", JSON.arrayNode().add(to("n")).add(leaf()));
          default -> to(random.nextInt(4) > 0 ? "n" : "m");
        };
    root.put("$schema", RandomSchemas.uri(dialect));
    ObjectNode definitions = root.putObject("definitions");
    definitions.set("n", node());
    definitions.set("m", node());
    definitions.set("t", leaf());
    definitions.set("u", random.nextBoolean() ? to("t") : leaf());
    return root;
  }

  /** Refers to others, below a member or an item only, so never in a circle without an end. */
  private ObjectNode node() {
    ObjectNode next = next();
    ObjectNode node = JSON.objectNode();
    switch (random.nextInt(5)) {
      case 0, 1 -> {
        node.put("type", "object");
        ObjectNode properties = node.putObject("properties");
        properties.set("a", value());
        properties.set("b", next);
        if (random.nextBoolean()) {
          properties.set("c", next());
        }
        if (random.nextBoolean()) {
          node.putArray("required").add(random.nextInt(4) > 0 ? "a" : "b");
        }
        if (random.nextInt(3) == 0) {
          node.set("additionalProperties", BooleanNode.FALSE);
        }
      }
      case 2 -> {
        node.put("type", "array").set("items", next);
        if (random.nextBoolean()) {
          node.put(random.nextBoolean() ? "minItems" : "maxItems", 1 + random.nextInt(2));
        }
      }
      case 3 -> {
        ArrayNode ways = node.putArray(random.nextInt(3) > 0 ? "anyOf" : "oneOf");
        ways.add(value());
        ObjectNode more = ways.addObject().put("type", "object");
        more.putArray("required").add("b");
        more.putObject("properties").set("b", next);
      }
      default -> node.put("type", "object").set("additionalProperties", next);
    }
    return node;
  }

  private ObjectNode next() {
    ObjectNode to =
        random.nextInt(5) == 0
            ? JSON.objectNode().put("$ref", "#")
            : to(random.nextBoolean() ? "n" : "m");
    if (dialect.since(Dialect.DRAFT_2019_09) && random.nextInt(6) == 0) {
      to.setAll(leaf()); // counts beside a reference from this draft on
    }
    return to;
  }

  private ObjectNode value() {
    return random.nextBoolean() ? leaf() : to(random.nextBoolean() ? "t" : "u");
  }

  private ObjectNode leaf() {
    ObjectNode leaf = JSON.objectNode();
    switch (random.nextInt(5)) {
      case 0 -> leaf.put("type", "number").put("minimum", random.nextInt(4) - 1);
      case 1 -> leaf.put("maximum", random.nextInt(4));
      case 2 -> leaf.put("type", random.nextBoolean() ? "integer" : "number");
      case 3 -> leaf.put("type", "string").put("maxLength", random.nextInt(3));
      default -> leaf.putArray("required").add(pick(RandomSchemas.NAMES));
    }
    return leaf;
  }

  private ObjectNode to(String name) {
    return JSON.objectNode().put("$ref", PREFIX + name);
  }

  /** Whether a document is one that {@link #mutated} has something to do with. */
  static boolean hasReferences(JsonNode document) {
    return !document.findValues("$ref").isEmpty() && !defined(document).isEmpty();
  }

  private static JsonNode defined(JsonNode document) {
    return document.path("definitions");
  }

  /** The same written in another way, and in most cases one small difference. */
  ObjectNode mutated(ObjectNode document) {
    ObjectNode copy = document.deepCopy();
    for (int i = random.nextInt(4); i > 0; i--) {
      rewrite(copy);
    }
    if (random.nextInt(4) > 0) {
      differ(copy);
    }
    return copy;
  }

  private void rewrite(ObjectNode document) {
    ObjectNode definitions = (ObjectNode) defined(document);
    List<ObjectNode> references = references(document);
    if (references.isEmpty()) {
      return;
    }
    ObjectNode reference = pick(references);
    String target = reference.get("$ref").asString();
    JsonNode meant = document.at(target.substring(1));
    switch (random.nextInt(3)) {
      case 0 -> { // unfolded, if nothing stands beside it
        boolean alone = reference.size() == 1 && meant.isObject() && !target.equals("#");
        if (alone && document.toString().length() < TEXT_MAX) {
          ObjectNode unfolded = (ObjectNode) meant.deepCopy();
          reference.remove("$ref");
          reference.setAll(unfolded);
        }
      }
      case 1 -> { // leads to a copy
        if (meant.isObject() && !target.equals("#") && definitions.size() < 8) {
          String name = "copy" + definitions.size();
          definitions.set(name, meant.deepCopy());
          reference.put("$ref", PREFIX + name);
        }
      }
      default -> { // goes a longer way
        if (definitions.size() < 8) {
          String name = "way" + definitions.size();
          definitions.putObject(name).put("$ref", target);
          reference.put("$ref", PREFIX + name);
        }
      }
    }
  }

  private void differ(ObjectNode document) {
    List<ObjectNode> references = references(document);
    if (random.nextInt(3) == 0 && !references.isEmpty() && defined(document).has("t")) {
      // To a definition that ends: no circle can come of it
      pick(references).put("$ref", PREFIX + "t");
      return;
    }
    ObjectNode place = pick(schemas(document));
    if (place.has("$ref") && !dialect.since(Dialect.DRAFT_2019_09)) {
      return;
    }
    if (place.has("minimum") || place.has("maximum")) {
      String bound = place.has("minimum") ? "minimum" : "maximum";
      place.put(bound, place.get(bound).asInt() + (random.nextBoolean() ? 1 : -1));
    } else if (place.has("required") && random.nextBoolean()) {
      place.remove("required");
    } else {
      leaf().properties().forEach(member -> place.set(member.getKey(), member.getValue()));
    }
  }

  private static List<ObjectNode> references(ObjectNode document) {
    return schemas(document).stream().filter(schema -> schema.has("$ref")).toList();
  }

  private static List<ObjectNode> schemas(ObjectNode document) {
    List<ObjectNode> all = new ArrayList<>(List.of(document));
    for (int i = 0; i < all.size(); i++) {
      all.addAll(Subschemas.of(all.get(i)));
    }
    return all;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
