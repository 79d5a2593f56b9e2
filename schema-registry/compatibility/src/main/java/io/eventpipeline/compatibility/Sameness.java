package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.ArrayRules;
import io.eventpipeline.compatibility.schema.Combinators;
import io.eventpipeline.compatibility.schema.JsonValues;
import io.eventpipeline.compatibility.schema.ObjectRules;
import io.eventpipeline.compatibility.schema.SchemaNode;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Whether two schemas say the same in the same words, descriptions and the like aside; what they
 * evaluate, which an {@code unevaluated*} around them asks for, included. A pair met again while it
 * is being compared counts as the same: two graphs without a first difference have none.
 */
final class Sameness {
  private record Pair(SchemaNode a, SchemaNode b) {}

  private final Budget budget;
  private final Set<Pair> same = new HashSet<>();
  private final Set<Pair> different = new HashSet<>();
  private Set<Pair> assumed;
  private int depth;

  private static final int DEPTH_MAX = 200;

  Sameness(Budget budget) {
    this.budget = budget;
  }

  boolean same(SchemaNode a, SchemaNode b) {
    Pair pair = new Pair(a, b);
    if (a == b || same.contains(pair)) {
      return true;
    }
    if (different.contains(pair)) {
      return false;
    }
    assumed = new HashSet<>();
    boolean result = nodes(a, b);
    if (result) {
      same.addAll(assumed);
    }
    return result;
  }

  private boolean nodes(SchemaNode a, SchemaNode b) {
    if (a == null || b == null) {
      return a == b;
    }
    Pair pair = new Pair(a, b);
    if (a == b || same.contains(pair) || assumed.contains(pair)) {
      return true;
    }
    if (different.contains(pair)) {
      return false;
    }
    assumed.add(pair);
    budget.step();
    if (depth >= DEPTH_MAX) {
      return false;
    }
    depth++;
    boolean result =
        a.isNothing() == b.isNothing()
            && Objects.equals(a.types(), b.types())
            && values(a.values(), b.values())
            && a.numbers().equals(b.numbers())
            && a.strings().equals(b.strings())
            && opaque(a, b)
            && nodes(a.target(), b.target())
            && arrays(a.arrays(), b.arrays())
            && objects(a.objects(), b.objects())
            && combined(a.combined(), b.combined());
    depth--;
    if (!result) {
      different.add(pair); // different even under the most favourable assumptions
    }
    return result;
  }

  private boolean values(List<JsonNode> a, List<JsonNode> b) {
    if (a == null || b == null) {
      return a == b;
    }
    return a.size() == b.size() && texts(a).equals(texts(b));
  }

  private Set<String> texts(List<JsonNode> values) {
    Set<String> texts = new HashSet<>();
    values.forEach(value -> texts.add(text(value)));
    return texts;
  }

  private String text(JsonNode value) {
    String text = JsonValues.text(value);
    budget.steps(1 + text.length() / Budget.CHARACTERS_A_STEP);
    return text;
  }

  /**
   * References inside of such a keyword are not followed: the same text could mean two things, as
   * it could in two drafts.
   */
  private boolean opaque(SchemaNode a, SchemaNode b) {
    if (!a.opaque().equals(b.opaque()) || (!a.opaque().isEmpty() && a.dialect() != b.dialect())) {
      return false;
    }
    for (String keyword : a.opaque()) {
      String text = text(a.source().get(keyword));
      boolean plain =
          keyword.startsWith("unevaluated")
              && !text.contains("Ref\"")
              && !text.contains("\"$ref\"");
      if (!plain || !text.equals(text(b.source().get(keyword)))) {
        return false;
      }
    }
    return true;
  }

  private boolean arrays(ArrayRules a, ArrayRules b) {
    return a.minItems() == b.minItems()
        && a.maxItems() == b.maxItems()
        && a.unique() == b.unique()
        && a.minContains() == b.minContains()
        && a.maxContains() == b.maxContains()
        && a.containsEvaluates() == b.containsEvaluates()
        && lists(a.prefix(), b.prefix())
        && nodes(a.rest(), b.rest())
        && nodes(a.contains(), b.contains());
  }

  private boolean objects(ObjectRules a, ObjectRules b) {
    budget.steps((a.required().size() + a.dependentRequired().size()) / Budget.ENTRIES_A_STEP);
    return a.required().equals(b.required())
        && a.minProperties() == b.minProperties()
        && a.maxProperties() == b.maxProperties()
        && a.dependentRequired().equals(b.dependentRequired())
        && maps(a.properties(), b.properties())
        && maps(a.patterns(), b.patterns())
        && maps(a.dependentSchemas(), b.dependentSchemas())
        && nodes(a.additional(), b.additional())
        && nodes(a.names(), b.names());
  }

  private boolean combined(Combinators a, Combinators b) {
    return lists(a.allOf(), b.allOf())
        && lists(a.anyOf(), b.anyOf())
        && lists(a.oneOf(), b.oneOf())
        && nodes(a.not(), b.not())
        && nodes(a.condition(), b.condition())
        && nodes(a.then(), b.then())
        && nodes(a.otherwise(), b.otherwise());
  }

  private boolean lists(List<SchemaNode> a, List<SchemaNode> b) {
    if (a == null || b == null || a.size() != b.size()) {
      return a == b;
    }
    for (Iterator<SchemaNode> i = a.iterator(), j = b.iterator(); i.hasNext(); ) {
      if (!nodes(i.next(), j.next())) {
        return false;
      }
    }
    return true;
  }

  private boolean maps(Map<String, SchemaNode> a, Map<String, SchemaNode> b) {
    budget.steps(a.size() / Budget.ENTRIES_A_STEP);
    if (!a.keySet().equals(b.keySet())) {
      return false;
    }
    for (Map.Entry<String, SchemaNode> entry : a.entrySet()) {
      if (!nodes(entry.getValue(), b.get(entry.getKey()))) {
        return false;
      }
    }
    return true;
  }
}
