package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.pattern.Language.Found;
import io.eventpipeline.compatibility.schema.Combinators;
import io.eventpipeline.compatibility.schema.JsonType;
import io.eventpipeline.compatibility.schema.NumberRules;
import io.eventpipeline.compatibility.schema.SchemaNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Makes up values that a writer may write, to show one that a reader refuses. A few plain ones:
 * finding none says nothing. What is returned has been checked against both.
 */
final class Examples {
  private static final int DEPTH_MAX = 4;
  private static final int ITEMS_MAX = 4;
  private static final int TRIED_MAX = 24;

  private final Containment containment;
  private int depth;

  Examples(Containment containment) {
    this.containment = containment;
  }

  /** A value that is surely valid for the writer and surely not for the reader. */
  Optional<JsonNode> refused(Facts writer, SchemaNode reader) {
    Evaluation evaluation = containment.evaluation();
    List<JsonNode> tried = new ArrayList<>(of(writer));
    addNamed(reader, tried, DEPTH_MAX);
    for (JsonNode value : tried) {
      if (isSurely(writer.known(), value) && evaluation.accepts(reader, value) == Truth.NO) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** Values at which the reader changes its mind: those that it names, and its bounds. */
  private static void addNamed(SchemaNode reader, List<JsonNode> tried, int levels) {
    if (reader == null || levels == 0) {
      return;
    }
    if (reader.values() != null) {
      tried.addAll(reader.values().subList(0, Math.min(reader.values().size(), TRIED_MAX)));
    }
    NumberRules numbers = reader.numbers();
    for (BigDecimal bound : new BigDecimal[] {numbers.minimum(), numbers.maximum()}) {
      if (bound != null && Numbers.isHandy(bound)) {
        tried.add(DecimalNode.valueOf(bound));
        tried.add(DecimalNode.valueOf(bound.add(BigDecimal.ONE)));
        tried.add(DecimalNode.valueOf(bound.subtract(BigDecimal.ONE)));
      }
    }
    Combinators rules = reader.combined();
    addNamed(reader.target(), tried, levels - 1);
    addNamed(rules.not(), tried, levels - 1);
    for (List<SchemaNode> parts : Arrays.asList(rules.allOf(), rules.anyOf(), rules.oneOf())) {
      for (int i = 0; parts != null && i < Math.min(parts.size(), TRIED_MAX); i++) {
        addNamed(parts.get(i), tried, levels - 1);
      }
    }
  }

  private boolean isSurely(Known known, JsonNode value) {
    Evaluation evaluation = containment.evaluation();
    return known.holds().stream().allMatch(n -> evaluation.accepts(n, value) == Truth.YES)
        && known.fails().stream().allMatch(n -> evaluation.accepts(n, value) == Truth.NO);
  }

  private List<JsonNode> of(Facts facts) {
    if (facts.impossible() || depth >= DEPTH_MAX) {
      return List.of();
    }
    if (facts.candidates() != null) {
      List<JsonNode> all = facts.candidates();
      return all.subList(0, Math.min(all.size(), TRIED_MAX));
    }
    containment.budget().step();
    depth++;
    List<JsonNode> values = new ArrayList<>();
    List<Known> ways = facts.alternatives();
    for (int i = 0; i < ways.size() && values.size() < TRIED_MAX; i++) {
      values.addAll(of(containment.facts(ways.get(i))));
    }
    for (JsonType type : ways.isEmpty() ? facts.types() : List.<JsonType>of()) {
      values.addAll(ofType(facts, type));
    }
    depth--;
    return values.subList(0, Math.min(values.size(), TRIED_MAX));
  }

  private List<JsonNode> ofType(Facts facts, JsonType type) {
    return switch (type) {
      case NULL -> List.of(NullNode.getInstance());
      case BOOLEAN -> List.of(BooleanNode.TRUE, BooleanNode.FALSE);
      case INTEGER, FRACTION -> numbers(facts, type == JsonType.INTEGER);
      case STRING -> strings(facts);
      case ARRAY -> arrays(facts);
      case OBJECT -> objects(facts);
    };
  }

  private static List<JsonNode> numbers(Facts facts, boolean integer) {
    BigDecimal step = integer ? BigDecimal.ONE : new BigDecimal("0.5");
    BigDecimal lower = facts.numbers().lower();
    BigDecimal upper = facts.numbers().upper();
    List<JsonNode> values = new ArrayList<>();
    for (BigDecimal near : new BigDecimal[] {lower, upper, BigDecimal.ZERO}) {
      if (near != null && Numbers.isHandy(near)) {
        values.add(DecimalNode.valueOf(near));
        values.add(DecimalNode.valueOf(near.add(step)));
        values.add(DecimalNode.valueOf(near.subtract(step)));
      }
    }
    facts.numbers().multiples().forEach(m -> values.add(DecimalNode.valueOf(m)));
    return values;
  }

  private List<JsonNode> strings(Facts facts) {
    List<JsonNode> values = new ArrayList<>();
    Found found =
        containment
            .patterns()
            .search(facts.patterns(), facts.minLength(), facts.maxLength(), Optional.empty());
    if (found.example() != null) {
      values.add(StringNode.valueOf(found.example()));
    }
    int longest = (int) Math.min(facts.maxLength(), facts.minLength() + ITEMS_MAX);
    if (facts.minLength() <= 1_000) {
      values.add(StringNode.valueOf("a".repeat(Math.max(0, longest))));
      values.add(StringNode.valueOf("0".repeat((int) facts.minLength())));
    }
    return values;
  }

  private List<JsonNode> arrays(Facts facts) {
    List<JsonNode> values = new ArrayList<>();
    for (int size = 0; size <= ITEMS_MAX; size++) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < size; i++) {
        List<JsonNode> items = of(containment.facts(facts.item(i)));
        if (!items.isEmpty()) {
          array.add(items.get(i % items.size()));
        }
      }
      if (array.size() >= facts.minItems() && array.size() <= facts.maxItems()) {
        values.add(array);
      }
    }
    return values;
  }

  private List<JsonNode> objects(Facts facts) {
    ObjectNode least = JsonNodeFactory.instance.objectNode();
    ObjectNode most = JsonNodeFactory.instance.objectNode();
    for (String name : facts.declaredNames()) {
      Known offered = Offers.of(facts, name, containment.patterns());
      List<JsonNode> members = of(containment.facts(offered));
      if (!members.isEmpty()) {
        most.set(name, members.get(0));
        if (facts.required().contains(name)) {
          least.set(name, members.get(0));
        }
      }
    }
    return List.of(least, most);
  }
}
