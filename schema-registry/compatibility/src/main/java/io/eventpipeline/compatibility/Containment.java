package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.JsonType;
import io.eventpipeline.compatibility.schema.SchemaNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Proves that every value of which something is known is accepted by a schema, or says what stands
 * in the way. What is not proven is never called proven.
 *
 * <p>A pair that comes up again while it is being proven counts as proven if the values are members
 * or items of those it came up for first (induction on their size), and as undecided if they are
 * the same values. What was proven on the strength of a pair that then fails is forgotten.
 */
final class Containment {
  private record Goal(Known known, SchemaNode reader) {}

  private final Budget budget;
  private final int depthMax;
  private final Explanation explanation;
  private final Patterns patterns;
  private final Evaluation evaluation;
  private final Sameness sameness;
  private final Emptiness emptiness;
  private final List<Demand> demands;

  private final Map<Known, Facts> facts = new HashMap<>();
  private final Map<Goal, Outcome> settled = new HashMap<>();
  private final List<Goal> proven = new ArrayList<>();
  private final Map<Goal, Integer> open = new HashMap<>();
  private final Map<Set<JsonType>, SchemaNode> typeNodes = new HashMap<>();
  private final Map<String, SchemaNode> propertyNodes = new HashMap<>();
  private final Map<String, SchemaNode> patternNodes = new HashMap<>();
  private final Map<String, SchemaNode> textNodes = new HashMap<>();
  private int level;
  private int depth;

  /** What one group of keywords of a reader asks for. */
  @FunctionalInterface
  interface Demand {
    /** Whether all that {@code writer} allows meets the keywords of {@code reader}. */
    Outcome check(Facts writer, SchemaNode reader);
  }

  Containment(Direction direction, Policy policy, Limits limits, Budget budget) {
    this.budget = budget;
    this.depthMax = limits.depthMax();
    this.explanation = new Explanation(direction, policy, budget);
    this.patterns = new Patterns(budget);
    this.evaluation = new Evaluation(patterns, budget, limits.formatsAsserted());
    this.sameness = new Sameness(budget);
    this.emptiness = new Emptiness(this);
    this.demands =
        List.of(
            new ValueDemands(this)::check,
            new NumberDemands(explanation, budget)::check,
            new StringDemands(explanation, patterns, limits.formatsAsserted())::check,
            new ArrayDemands(this)::check,
            new ObjectDemands(this)::check,
            new CombinatorDemands(this)::check);
  }

  Budget budget() {
    return budget;
  }

  Explanation explanation() {
    return explanation;
  }

  Patterns patterns() {
    return patterns;
  }

  Evaluation evaluation() {
    return evaluation;
  }

  Sameness sameness() {
    return sameness;
  }

  Emptiness emptiness() {
    return emptiness;
  }

  Facts facts(Known known) {
    Facts derived = facts.get(known);
    if (derived == null) {
      derived = Facts.of(known, evaluation, budget);
      facts.put(known, derived);
    }
    return derived;
  }

  /** The same question about members, items or names of the values at hand. */
  Outcome inside(Known known, SchemaNode reader) {
    level++;
    try {
      return within(known, reader);
    } finally {
      level--;
    }
  }

  /** Whether {@code reader} accepts every value of which {@code known} is true. */
  Outcome within(Known known, SchemaNode reader) {
    budget.steps(1 + known.size() / Budget.ENTRIES_A_STEP);
    if (reader.isAnything() || known.holds().contains(reader)) {
      return Outcome.PROVEN;
    }
    Goal goal = new Goal(known, reader);
    Outcome before = settled.get(goal);
    if (before != null) {
      budget.steps(before.size() / Budget.ENTRIES_A_STEP); // to join it to others
      return before;
    }
    Integer begun = open.get(goal);
    if (begun != null) {
      return begun < level
          ? Outcome.PROVEN
          : undecided(Rule.COMBINATOR_UNDECIDED, known, reader, "only holds if it holds");
    }
    if (depth >= depthMax) {
      return undecided(Rule.LIMIT_REACHED, known, reader, "is nested too deeply to compare");
    }
    return settle(goal);
  }

  private Outcome settle(Goal goal) {
    int mark = proven.size();
    open.put(goal, level);
    depth++;
    Outcome outcome;
    try {
      outcome = prove(goal.known, goal.reader);
    } finally {
      depth--;
      open.remove(goal);
    }
    if (outcome.proven()) {
      proven.add(goal);
    } else {
      List<Goal> inDoubt = proven.subList(mark, proven.size());
      inDoubt.forEach(settled::remove);
      inDoubt.clear();
    }
    settled.put(goal, outcome);
    return outcome;
  }

  private Outcome undecided(Rule rule, Known known, SchemaNode reader, String why) {
    return explanation.gap(rule, facts(known), reader, "a value", "something that " + why, "$ref");
  }

  private Outcome prove(Known known, SchemaNode reader) {
    budget.steps(2); // every group of keywords looks at it
    Facts writer = facts(known);
    if (writer.impossible() || isSame(writer, reader)) {
      return Outcome.PROVEN;
    }
    if (writer.candidates() != null && acceptsAll(writer.candidates(), reader)) {
      return Outcome.PROVEN;
    }
    Outcome direct = keywords(writer, reader);
    if (direct.proven() || emptiness.isSure(known)) {
      return direct.proven() ? direct : Outcome.PROVEN;
    }
    List<Known> ways = writer.alternatives();
    if (ways.isEmpty() && hasChoices(reader)) {
      ways = byType(writer);
    }
    if (ways.isEmpty()) {
      return direct;
    }
    Outcome all = Outcome.PROVEN;
    for (Known way : ways) {
      all = all.and(within(way, reader));
    }
    return all;
  }

  private boolean isSame(Facts writer, SchemaNode reader) {
    writer.look();
    for (SchemaNode node : writer.nodes()) {
      if (sameness.same(node, reader)) {
        return true;
      }
    }
    return false;
  }

  private boolean acceptsAll(List<JsonNode> values, SchemaNode reader) {
    for (JsonNode value : values) {
      if (evaluation.accepts(reader, value) != Truth.YES) {
        return false;
      }
    }
    return true;
  }

  private Outcome keywords(Facts writer, SchemaNode reader) {
    if (reader.isNothing()) {
      return explanation.gap(Rule.NOTHING, writer, reader, "values", "none at all", "not");
    }
    Outcome all = Outcome.PROVEN;
    for (String keyword : reader.opaque()) {
      all =
          all.and(
              explanation.gap(
                  Rule.KEYWORD_UNDECIDED,
                  writer,
                  reader,
                  "values that '" + keyword + "' may refuse",
                  "what '" + keyword + "' leaves, which is not reasoned about",
                  keyword));
    }
    if (reader.target() != null) {
      all = all.and(within(writer.known(), reader.target()));
    }
    for (SchemaNode part : reader.combined().allOf()) {
      all = all.and(within(writer.known(), part));
    }
    for (Demand demand : demands) {
      all = all.and(demand.check(writer, reader));
    }
    return all;
  }

  /** Only where the reader distinguishes cases is it worth to distinguish those of the writer. */
  private static boolean hasChoices(SchemaNode reader) {
    var rules = reader.combined();
    return rules.anyOf() != null
        || rules.oneOf() != null
        || rules.not() != null
        || rules.condition() != null;
  }

  private List<Known> byType(Facts writer) {
    Map<JsonType, Set<JsonType>> groups = new EnumMap<>(JsonType.class);
    for (JsonType type : writer.types()) {
      JsonType group = type == JsonType.FRACTION ? JsonType.INTEGER : type;
      groups.computeIfAbsent(group, g -> EnumSet.noneOf(JsonType.class)).add(type);
    }
    if (groups.size() == 1 && writer.types().size() > 1) {
      groups.clear();
      writer.types().forEach(type -> groups.put(type, EnumSet.of(type)));
    }
    if (groups.size() < 2) {
      return List.of();
    }
    return groups.values().stream().map(types -> writer.known().and(ofTypes(types))).toList();
  }

  /** One node for each set of types, so that equal questions are recognised. */
  SchemaNode ofTypes(Set<JsonType> types) {
    return typeNodes.computeIfAbsent(types, SchemaNode::ofTypes);
  }

  /** Objects that have a property. */
  SchemaNode withProperty(String name) {
    return propertyNodes.computeIfAbsent(name, SchemaNode::withProperty);
  }

  /** Strings that match. */
  SchemaNode ofPattern(String regex) {
    return patternNodes.computeIfAbsent(regex, SchemaNode::ofPattern);
  }

  /** One string and no other. */
  SchemaNode ofText(String text) {
    return textNodes.computeIfAbsent(text, SchemaNode::ofText);
  }
}
