package io.eventpipeline.schema;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * How many keywords a validator may have to look at for one and the same value, at the worst.
 *
 * <p>Twenty definitions that each name the next one twice under {@code anyOf} are two KiB of schema
 * and a million steps for every event. Counted without unfolding: what several places refer to is
 * counted once and multiplied.
 */
final class ValidationCost {
  /** A union of 500 alternatives of 20 keywords each; a validator does that in milliseconds. */
  static final long STEPS_MAX = 10_000;

  /** References that come back to where they began with the same value. */
  static final long ENDLESS = Long.MAX_VALUE;

  private static final long CEILING = 1_000_000_000L;
  private static final long OPEN = 0; // being counted

  /** Keywords whose schemas are applied to the same value. */
  private static final Set<String> SAME_VALUE =
      Set.of("allOf", "anyOf", "oneOf", "not", "if", "then", "else");

  private static final Set<String> SAME_VALUE_BY_NAME = Set.of("dependentSchemas", "dependencies");

  private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef", "$recursiveRef");

  private final ReferenceTargets targets;
  private final IdentityHashMap<JsonNode, Long> known = new IdentityHashMap<>();

  private boolean endless;

  private ValidationCost(JsonNode root) {
    this.targets = new ReferenceTargets(root);
  }

  /** The worst of all schemas in the document, whose depth is bounded; or {@link #ENDLESS}. */
  static long of(JsonNode document) {
    ValidationCost cost = new ValidationCost(document);
    long worst = cost.worst(document);
    return cost.endless ? ENDLESS : worst;
  }

  private long worst(JsonNode node) {
    long worst = node.isObject() ? inPlace(node) : 0;
    for (JsonNode child : node) {
      worst = Math.max(worst, worst(child));
    }
    return worst;
  }

  private long inPlace(JsonNode schema) {
    if (!schema.isObject()) {
      return 1;
    }
    Long before = known.get(schema);
    if (before != null) {
      endless |= before == OPEN;
      return before;
    }
    known.put(schema, OPEN);
    long steps = 1;
    for (Map.Entry<String, JsonNode> member : schema.properties()) {
      steps = Math.min(CEILING, steps + 1 + ofKeyword(schema, member.getKey(), member.getValue()));
    }
    known.put(schema, steps);
    return steps;
  }

  private long ofKeyword(JsonNode schema, String keyword, JsonNode value) {
    if (SAME_VALUE.contains(keyword)) {
      return value.isArray() ? sum(value) : inPlace(value);
    }
    if (SAME_VALUE_BY_NAME.contains(keyword) && value.isObject()) {
      return sum(value);
    }
    if (REFERENCES.contains(keyword) && value.isString()) {
      return ofReference(schema, value.asString());
    }
    return 0;
  }

  private long sum(JsonNode schemas) {
    long sum = 0;
    for (JsonNode schema : schemas) {
      sum = Math.min(CEILING, sum + inPlace(schema));
    }
    return sum;
  }

  /** The worst of what it could mean; one step when it leads nowhere. */
  private long ofReference(JsonNode schema, String reference) {
    long worst = 1;
    for (JsonNode target : targets.of(schema, reference)) {
      worst = Math.max(worst, inPlace(target));
    }
    return worst;
  }
}
