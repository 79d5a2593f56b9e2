package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.ArrayRules;
import io.eventpipeline.compatibility.schema.Combinators;
import io.eventpipeline.compatibility.schema.JsonType;
import io.eventpipeline.compatibility.schema.ObjectRules;
import io.eventpipeline.compatibility.schema.SchemaNode;
import io.eventpipeline.compatibility.schema.StringRules;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import tools.jackson.databind.JsonNode;

/**
 * What follows from {@link Known} without looking inside of members and items: references and
 * {@code allOf} are followed, settled conditions applied, bounds combined.
 *
 * <p>Every fact is true of every such value. Leaving one out is always allowed and only makes the
 * checker more careful; inventing one is not.
 */
final class Facts {
  /** What is kept of the smallest takes some hundred bytes. */
  private static final int STEPS = 4;

  private final Known known;
  private final Budget budget;
  private final Set<SchemaNode> nodes = new LinkedHashSet<>();
  private final Set<SchemaNode> denied = new LinkedHashSet<>();
  private final Set<String> required = new TreeSet<>();
  private final EnumSet<JsonType> types = EnumSet.allOf(JsonType.class);
  private final NumberBounds numbers;
  private final long minLength;
  private final long maxLength;
  private final long minItems;
  private final long maxItems;
  private final long minProperties;
  private final long maxProperties;
  private List<JsonNode> candidates;
  private Set<String> patterns;
  private List<SchemaNode> nameSchemas;
  private List<Known> alternatives;
  private boolean impossible;

  private Facts(Known known, Budget budget) {
    this.known = known;
    this.budget = budget;
    expand();
    this.numbers = NumberBounds.of(this);
    this.minLength = nodes.stream().mapToLong(n -> n.strings().minLength()).max().orElse(0);
    this.maxLength = least(node -> node.strings().maxLength());
    this.minItems = nodes.stream().mapToLong(n -> minItems(n.arrays())).max().orElse(0);
    this.maxItems = least(node -> maxItems(node.arrays()));
    long asked = nodes.stream().mapToLong(n -> n.objects().minProperties()).max().orElse(0);
    this.minProperties = Math.max(asked, required.size());
    this.maxProperties = least(node -> maxProperties(node.objects()));
    dropEmptyTypes();
  }

  static Facts of(Known known, Evaluation evaluation, Budget budget) {
    Facts facts = new Facts(known, budget);
    if (!facts.impossible) {
      facts.enumerate(evaluation);
    }
    return facts;
  }

  private long least(ToLongFunction<SchemaNode> bound) {
    return nodes.stream().mapToLong(bound).min().orElse(Long.MAX_VALUE);
  }

  private void expand() {
    budget.steps(STEPS + known.size() + known.fails().size()); // kept as long as the check
    Deque<SchemaNode> work = new ArrayDeque<>(known.holds());
    denied.addAll(known.fails());
    do {
      while (!work.isEmpty() && !impossible) {
        add(work.poll(), work);
      }
      infer(work);
    } while (!work.isEmpty() && !impossible);
  }

  private void add(SchemaNode node, Deque<SchemaNode> work) {
    budget.step();
    if (!nodes.add(node)) {
      return;
    }
    impossible |= node.isNothing();
    if (node.target() != null) {
      work.add(node.target());
    }
    work.addAll(node.combined().allOf());
    if (node.combined().not() != null) {
      denied.add(node.combined().not());
    }
    if (node.types() != null) {
      types.retainAll(node.types());
    }
    boolean integral =
        node.numbers().multipleOf() != null && JsonType.isInteger(node.numbers().multipleOf());
    if (integral) {
      types.remove(JsonType.FRACTION);
    }
    budget.steps(node.objects().required().size());
    required.addAll(node.objects().required());
  }

  /** A kind of value whose bounds cross has no values. */
  private void dropEmptyTypes() {
    if (numbers.empty()) {
      types.remove(JsonType.FRACTION);
    }
    if (numbers.emptyOfIntegers()) {
      types.remove(JsonType.INTEGER);
    }
    if (minLength > maxLength) {
      types.remove(JsonType.STRING);
    }
    if (minItems > maxItems) {
      types.remove(JsonType.ARRAY);
    }
    if (minProperties > maxProperties) {
      types.remove(JsonType.OBJECT);
    }
    impossible |= types.isEmpty();
  }

  /** One round of what follows from all nodes together. */
  private void infer(Deque<SchemaNode> work) {
    budget.steps((nodes.size() + denied.size()) / Budget.ENTRIES_A_STEP);
    for (SchemaNode no : List.copyOf(denied)) {
      deny(no, work);
    }
    for (SchemaNode node : List.copyOf(nodes)) {
      Combinators rules = node.combined();
      if (rules.condition() != null) {
        boolean met = nodes.contains(rules.condition());
        boolean unmet = denied.contains(rules.condition());
        SchemaNode consequence = met ? rules.then() : unmet ? rules.otherwise() : null;
        if (consequence != null && !nodes.contains(consequence)) {
          work.add(consequence);
        }
      }
      depend(node.objects(), work);
    }
    impossible |= types.isEmpty();
  }

  private void deny(SchemaNode no, Deque<SchemaNode> work) {
    impossible |= no.isAnything() || nodes.contains(no);
    Combinators rules = no.combined();
    if (no.isTypesOnly()) {
      types.removeAll(no.types());
    } else if (no.isReferenceOnly()) {
      denied.add(no.target());
    } else if (no.isCombinatorsOnly() && rules.condition() == null && rules.oneOf() == null) {
      boolean not = rules.not() != null && rules.anyOf() == null && rules.allOf().isEmpty();
      boolean any = rules.not() == null && rules.anyOf() != null && rules.allOf().isEmpty();
      if (not && !nodes.contains(rules.not())) {
        work.add(rules.not());
      } else if (any) {
        budget.steps(rules.anyOf().size());
        denied.addAll(rules.anyOf());
      }
    }
  }

  /** A property that must be there brings what depends on it, if the value must be an object. */
  private void depend(ObjectRules rules, Deque<SchemaNode> work) {
    if (!types.equals(EnumSet.of(JsonType.OBJECT))) {
      return;
    }
    int rulesSize = rules.dependentRequired().size() + rules.dependentSchemas().size();
    budget.steps(rulesSize / Budget.ENTRIES_A_STEP);
    for (Map.Entry<String, Set<String>> rule : rules.dependentRequired().entrySet()) {
      if (required.contains(rule.getKey())) {
        budget.steps(rule.getValue().size());
        required.addAll(rule.getValue());
      }
    }
    for (Map.Entry<String, SchemaNode> rule : rules.dependentSchemas().entrySet()) {
      if (required.contains(rule.getKey()) && !nodes.contains(rule.getValue())) {
        work.add(rule.getValue());
      }
    }
  }

  /** Lists the values when there are only so many. */
  private void enumerate(Evaluation evaluation) {
    List<JsonNode> all = Enumeration.of(this);
    if (all == null) {
      return;
    }
    candidates = new ArrayList<>();
    for (JsonNode value : all) {
      boolean refused =
          known.holds().stream().anyMatch(n -> evaluation.accepts(n, value) == Truth.NO)
              || denied.stream().anyMatch(n -> evaluation.accepts(n, value) == Truth.YES);
      if (!refused) {
        candidates.add(value);
      }
    }
    types.clear();
    candidates.forEach(value -> types.add(JsonType.of(value)));
    impossible |= candidates.isEmpty();
  }

  Known known() {
    return known;
  }

  /** To be called before something is looked up in every one of {@link #nodes}. */
  void look() {
    budget.steps(1 + nodes.size() / Budget.ENTRIES_A_STEP);
  }

  /** All schemas that accept the value and that reasoning got hold of. */
  Set<SchemaNode> nodes() {
    return nodes;
  }

  /** Schemas that refuse the value. */
  Set<SchemaNode> denied() {
    return denied;
  }

  /** No value is like this. False says nothing. */
  boolean impossible() {
    return impossible;
  }

  Set<JsonType> types() {
    return types;
  }

  boolean may(JsonType type) {
    return types.contains(type);
  }

  boolean mayBeNumber() {
    return may(JsonType.INTEGER) || may(JsonType.FRACTION);
  }

  /** All values that it can be, and perhaps some more; null when they cannot be listed. */
  List<JsonNode> candidates() {
    return candidates;
  }

  NumberBounds numbers() {
    return numbers;
  }

  /** Properties that it has if it is an object. */
  Set<String> required() {
    return required;
  }

  long minLength() {
    return minLength;
  }

  long maxLength() {
    return maxLength;
  }

  Set<String> patterns() {
    if (patterns == null) {
      patterns = findPatterns();
    }
    return patterns;
  }

  private Set<String> findPatterns() {
    Set<String> patterns = new LinkedHashSet<>();
    for (SchemaNode node : nodes) {
      StringRules rules = node.strings();
      if (rules.pattern() != null) {
        patterns.add(rules.pattern());
      }
    }
    return patterns;
  }

  long minItems() {
    return minItems;
  }

  private static long minItems(ArrayRules rules) {
    return rules.contains() == null
        ? rules.minItems()
        : Math.max(rules.minItems(), rules.minContains());
  }

  long maxItems() {
    return maxItems;
  }

  private static long maxItems(ArrayRules rules) {
    boolean closed = rules.rest() != null && rules.rest().isNothing();
    return closed ? Math.min(rules.maxItems(), rules.prefix().size()) : rules.maxItems();
  }

  long minProperties() {
    return minProperties;
  }

  long maxProperties() {
    return maxProperties;
  }

  private long maxProperties(ObjectRules rules) {
    boolean closed =
        rules.additional() != null && rules.additional().isNothing() && rules.patterns().isEmpty();
    if (!closed) {
      return rules.maxProperties();
    }
    budget.steps(rules.properties().size() / Budget.ENTRIES_A_STEP);
    long declared = rules.properties().values().stream().filter(p -> !p.isNothing()).count();
    return Math.min(rules.maxProperties(), declared);
  }

  /** What is known of one item, by its place. */
  Known item(int index) {
    look();
    return Known.valid(
        nodes.stream().map(n -> n.arrays().item(index)).filter(n -> n != null).toList());
  }

  /** Up to here, items have schemas of their own. */
  int prefixLength() {
    return nodes.stream().mapToInt(n -> n.arrays().prefix().size()).max().orElse(0);
  }

  /** The names of all properties that some schema names. */
  Set<String> declaredNames() {
    look();
    budget.steps(required.size() / Budget.ENTRIES_A_STEP);
    Set<String> names = new LinkedHashSet<>(required);
    for (SchemaNode node : nodes) {
      budget.steps(node.objects().properties().size() / Budget.ENTRIES_A_STEP);
      names.addAll(node.objects().properties().keySet());
    }
    return names;
  }

  /** What is known of every property's name, as a string. */
  Collection<SchemaNode> nameSchemas() {
    if (nameSchemas == null) {
      nameSchemas = nodes.stream().map(n -> n.objects().names()).filter(Objects::nonNull).toList();
    }
    return nameSchemas;
  }

  /** The ways in which an open {@code anyOf}, {@code oneOf} or {@code if} can be met. */
  List<Known> alternatives() {
    if (alternatives == null) {
      look();
      alternatives = Alternatives.of(this, budget);
    }
    return alternatives;
  }
}
