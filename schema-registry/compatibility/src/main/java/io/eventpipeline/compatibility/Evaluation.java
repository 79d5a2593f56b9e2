package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.ArrayRules;
import io.eventpipeline.compatibility.schema.Combinators;
import io.eventpipeline.compatibility.schema.JsonType;
import io.eventpipeline.compatibility.schema.JsonValues;
import io.eventpipeline.compatibility.schema.NumberRules;
import io.eventpipeline.compatibility.schema.ObjectRules;
import io.eventpipeline.compatibility.schema.SchemaNode;
import io.eventpipeline.compatibility.schema.StringRules;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * Validates one value, with {@link Truth#UNKNOWN} for what is not reasoned about. For the values
 * that schemas name ({@code enum}, {@code const}) and for examples; events are validated elsewhere.
 */
final class Evaluation {
  private static final int DEPTH_MAX = 60;

  private final Patterns patterns;
  private final Budget budget;
  private final boolean formatsAsserted;
  private final Map<SchemaNode, Set<String>> enums = new HashMap<>();

  /** Of objects and arrays: each is asked for as often as there are schemas that name values. */
  private final IdentityHashMap<JsonNode, String> texts = new IdentityHashMap<>();

  private int depth;

  Evaluation(Patterns patterns, Budget budget, boolean formatsAsserted) {
    this.patterns = patterns;
    this.budget = budget;
    this.formatsAsserted = formatsAsserted;
  }

  /** Whether the schema accepts the value. */
  Truth accepts(SchemaNode schema, JsonNode value) {
    budget.step();
    if (schema.isNothing()) {
      return Truth.NO;
    }
    if (depth >= DEPTH_MAX) {
      return Truth.UNKNOWN;
    }
    depth++;
    Truth truth = schema.opaque().isEmpty() ? Truth.YES : Truth.UNKNOWN;
    if (schema.target() != null) {
      truth = truth.and(accepts(schema.target(), value));
    }
    truth = truth.and(general(schema, value));
    if (truth != Truth.NO) {
      truth = truth.and(typed(schema, value));
    }
    if (truth != Truth.NO) {
      truth = truth.and(combined(schema.combined(), value));
    }
    depth--;
    return truth;
  }

  private Truth general(SchemaNode schema, JsonNode value) {
    boolean type = schema.types() == null || schema.types().contains(JsonType.of(value));
    return Truth.of(type && (schema.values() == null || names(schema, value)));
  }

  /** Whether {@code enum} and {@code const} name the value. */
  boolean names(SchemaNode schema, JsonNode value) {
    Set<String> texts = enums.get(schema);
    if (texts == null) {
      texts = new HashSet<>();
      for (JsonNode named : schema.values()) {
        texts.add(text(named));
      }
      enums.put(schema, texts);
    }
    return texts.contains(text(value));
  }

  private String text(JsonNode value) {
    budget.step();
    return value.isContainer() ? texts.computeIfAbsent(value, this::write) : write(value);
  }

  private String write(JsonNode value) {
    String text = JsonValues.text(value);
    budget.steps(text.length() / Budget.CHARACTERS_A_STEP);
    return text;
  }

  private Truth typed(SchemaNode schema, JsonNode value) {
    return switch (JsonType.of(value)) {
      case INTEGER, FRACTION -> number(schema.numbers(), value.decimalValue());
      case STRING -> string(schema.strings(), value.asString());
      case ARRAY -> array(schema.arrays(), value);
      case OBJECT -> object(schema.objects(), value);
      case NULL, BOOLEAN -> Truth.YES;
    };
  }

  private Truth number(NumberRules rules, BigDecimal number) {
    boolean above =
        rules.minimum() == null
            || number.compareTo(rules.minimum()) >= (rules.minimumExclusive() ? 1 : 0);
    boolean below =
        rules.maximum() == null
            || number.compareTo(rules.maximum()) <= (rules.maximumExclusive() ? -1 : 0);
    Truth truth = Truth.of(above && below);
    if (rules.multipleOf() == null) {
      return truth;
    }
    budget.steps(Numbers.steps(number, rules.multipleOf()));
    return truth.and(Numbers.isMultiple(number, rules.multipleOf()));
  }

  private Truth string(StringRules rules, String text) {
    long length = text.codePointCount(0, text.length());
    Truth truth = Truth.of(length >= rules.minLength() && length <= rules.maxLength());
    if (rules.pattern() != null) {
      truth = truth.and(patterns.matches(rules.pattern(), text));
    }
    boolean format = formatsAsserted && rules.format() != null;
    return format ? truth.and(Truth.UNKNOWN) : truth;
  }

  private Truth array(ArrayRules rules, JsonNode array) {
    Truth truth = Truth.of(array.size() >= rules.minItems() && array.size() <= rules.maxItems());
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < array.size() && truth != Truth.NO; i++) {
      if (rules.item(i) != null) {
        truth = truth.and(accepts(rules.item(i), array.get(i)));
      }
      if (rules.unique() && !seen.add(text(array.get(i)))) {
        truth = Truth.NO;
      }
    }
    return rules.contains() == null ? truth : truth.and(contains(rules, array));
  }

  private Truth contains(ArrayRules rules, JsonNode array) {
    long surely = 0;
    long maybe = 0;
    for (JsonNode item : array) {
      Truth matches = accepts(rules.contains(), item);
      surely += matches == Truth.YES ? 1 : 0;
      maybe += matches == Truth.NO ? 0 : 1;
    }
    if (maybe < rules.minContains() || surely > rules.maxContains()) {
      return Truth.NO;
    }
    boolean sure = surely >= rules.minContains() && maybe <= rules.maxContains();
    return sure ? Truth.YES : Truth.UNKNOWN;
  }

  private Truth object(ObjectRules rules, JsonNode object) {
    Truth truth =
        Truth.of(object.size() >= rules.minProperties() && object.size() <= rules.maxProperties());
    int named = rules.required().size() + rules.dependentRequired().size();
    budget.steps(named / Budget.ENTRIES_A_STEP);
    for (String name : rules.required()) {
      truth = truth.and(Truth.of(object.has(name)));
    }
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (truth == Truth.NO) {
        return truth;
      }
      truth = truth.and(member(rules, member.getKey(), member.getValue()));
    }
    for (Map.Entry<String, Set<String>> rule : rules.dependentRequired().entrySet()) {
      if (object.has(rule.getKey())) {
        budget.steps(rule.getValue().size() / Budget.ENTRIES_A_STEP);
        truth = truth.and(Truth.of(rule.getValue().stream().allMatch(object::has)));
      }
    }
    for (Map.Entry<String, SchemaNode> rule : rules.dependentSchemas().entrySet()) {
      if (object.has(rule.getKey())) {
        truth = truth.and(accepts(rule.getValue(), object));
      }
    }
    return truth;
  }

  private Truth member(ObjectRules rules, String name, JsonNode value) {
    Truth truth = Truth.YES;
    SchemaNode declared = rules.properties().get(name);
    Truth covered = Truth.of(declared != null);
    if (declared != null) {
      truth = accepts(declared, value);
    }
    for (Map.Entry<String, SchemaNode> rule : rules.patterns().entrySet()) {
      Truth matches = patterns.matches(rule.getKey(), name);
      covered = covered.or(matches);
      if (matches != Truth.NO) {
        truth = truth.and(matches.not().or(accepts(rule.getValue(), value)));
      }
    }
    if (rules.additional() != null && covered != Truth.YES) {
      truth = truth.and(covered.or(accepts(rules.additional(), value)));
    }
    return rules.names() == null
        ? truth
        : truth.and(accepts(rules.names(), StringNode.valueOf(name)));
  }

  private Truth combined(Combinators rules, JsonNode value) {
    Truth truth = Truth.YES;
    for (SchemaNode schema : rules.allOf()) {
      truth = truth.and(accepts(schema, value));
    }
    if (rules.anyOf() != null) {
      truth = truth.and(anyOf(rules.anyOf(), value));
    }
    if (rules.oneOf() != null) {
      truth = truth.and(oneOf(rules.oneOf(), value));
    }
    if (rules.not() != null) {
      truth = truth.and(accepts(rules.not(), value).not());
    }
    if (rules.condition() != null) {
      Truth condition = accepts(rules.condition(), value);
      Truth then = rules.then() == null ? Truth.YES : accepts(rules.then(), value);
      Truth otherwise = rules.otherwise() == null ? Truth.YES : accepts(rules.otherwise(), value);
      truth = truth.and(condition.not().or(then)).and(condition.or(otherwise));
    }
    return truth;
  }

  private Truth anyOf(List<SchemaNode> options, JsonNode value) {
    Truth any = Truth.NO;
    for (SchemaNode option : options) {
      any = any.or(accepts(option, value));
      if (any == Truth.YES) {
        return any;
      }
    }
    return any;
  }

  private Truth oneOf(List<SchemaNode> options, JsonNode value) {
    int surely = 0;
    int maybe = 0;
    for (SchemaNode option : options) {
      Truth matches = accepts(option, value);
      surely += matches == Truth.YES ? 1 : 0;
      maybe += matches == Truth.NO ? 0 : 1;
    }
    if (surely > 1 || maybe == 0) {
      return Truth.NO;
    }
    return surely == 1 && maybe == 1 ? Truth.YES : Truth.UNKNOWN;
  }
}
