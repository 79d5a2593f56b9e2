package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.Combinators;
import io.eventpipeline.compatibility.schema.SchemaNode;
import java.util.ArrayList;
import java.util.List;

/** The ways in which an open {@code anyOf}, {@code oneOf} or {@code if} of a writer can be met. */
final class Alternatives {
  private static final int OTHERS_MAX = 16;

  private final Facts facts;
  private final Known known;
  private final Budget budget;

  private Alternatives(Facts facts, Budget budget) {
    this.facts = facts;
    this.known = facts.known();
    this.budget = budget;
  }

  /** Of the first that is open; none when none is. */
  static List<Known> of(Facts facts, Budget budget) {
    return new Alternatives(facts, budget).find();
  }

  private List<Known> find() {
    for (SchemaNode node : facts.nodes()) {
      Combinators rules = node.combined();
      if (isOpen(rules.anyOf())) {
        budget.steps((long) rules.anyOf().size() * (1 + known.size() / 2));
        return rules.anyOf().stream().map(known::and).toList();
      }
      if (isOpen(rules.oneOf())) {
        return oneOf(rules.oneOf());
      }
      boolean open =
          rules.condition() != null
              && !facts.nodes().contains(rules.condition())
              && !facts.denied().contains(rules.condition());
      if (open) {
        return List.of(known.and(rules.condition()), known.andNot(rules.condition()));
      }
    }
    return List.of();
  }

  private boolean isOpen(List<SchemaNode> options) {
    if (options == null) {
      return false;
    }
    budget.steps(options.size() / Budget.ENTRIES_A_STEP);
    return options.stream().noneMatch(facts.nodes()::contains);
  }

  /**
   * Each knows that it is none of the others, unless they are too many: that is their number
   * squared, in time and on the heap, and what is left out only makes the checker more careful.
   */
  private List<Known> oneOf(List<SchemaNode> options) {
    int rest = options.size() > OTHERS_MAX ? 0 : options.size();
    budget.steps((long) options.size() * (1 + rest + known.size()));
    List<Known> ways = new ArrayList<>();
    for (SchemaNode option : options) {
      List<SchemaNode> others =
          rest == 0 ? List.of() : options.stream().filter(o -> o != option).toList();
      ways.add(known.and(List.of(option), others));
    }
    return ways;
  }
}
