package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.Combinators;
import io.eventpipeline.compatibility.schema.SchemaNode;
import java.util.List;

/**
 * {@code anyOf}, {@code oneOf}, {@code not} and {@code if}; {@code allOf} is just more of the same
 * reader.
 */
final class CombinatorDemands {
  private final Containment containment;
  private final Examples examples;

  CombinatorDemands(Containment containment) {
    this.containment = containment;
    this.examples = new Examples(containment);
  }

  Outcome check(Facts writer, SchemaNode reader) {
    Combinators rules = reader.combined();
    Outcome all = Outcome.PROVEN;
    if (rules.anyOf() != null) {
      all = all.and(anyOf(writer, reader, rules.anyOf()));
    }
    if (rules.oneOf() != null) {
      all = all.and(oneOf(writer, reader, rules.oneOf()));
    }
    if (rules.not() != null) {
      all = all.and(not(writer, reader, rules.not()));
    }
    if (rules.condition() != null) {
      all = all.and(condition(writer, rules));
    }
    return all;
  }

  private Outcome anyOf(Facts writer, SchemaNode reader, List<SchemaNode> options) {
    for (SchemaNode option : options) {
      Outcome one = containment.within(writer.known(), option);
      if (one.proven()) {
        return one;
      }
    }
    return unmet(Rule.ALTERNATIVE, writer, reader, "what fits one of the alternatives", "anyOf");
  }

  private Outcome oneOf(Facts writer, SchemaNode reader, List<SchemaNode> options) {
    if (hasSameOneOf(writer, options)) {
      return Outcome.PROVEN;
    }
    SchemaNode fitting = null;
    Outcome fits = null;
    for (SchemaNode option : options) {
      fits = containment.within(writer.known(), option);
      if (fits.proven()) {
        fitting = option;
        break;
      }
    }
    if (fitting == null) {
      return unmet(
          Rule.ALTERNATIVE, writer, reader, "what fits exactly one of the alternatives", "oneOf");
    }
    for (SchemaNode other : options) {
      if (other != fitting && !containment.emptiness().isSure(writer.known().and(other))) {
        return unmet(Rule.OVERLAP, writer, reader, "what fits only one alternative", "oneOf");
      }
    }
    return fits;
  }

  private boolean hasSameOneOf(Facts writer, List<SchemaNode> options) {
    for (SchemaNode node : writer.nodes()) {
      List<SchemaNode> own = node.combined().oneOf();
      boolean same = own != null && own.size() == options.size();
      for (int i = 0; same && i < options.size(); i++) {
        same = containment.sameness().same(own.get(i), options.get(i));
      }
      if (same) {
        return true;
      }
    }
    return false;
  }

  private Outcome not(Facts writer, SchemaNode reader, SchemaNode excluded) {
    if (containment.emptiness().isSure(writer.known().and(excluded))) {
      return Outcome.PROVEN;
    }
    for (SchemaNode denied : writer.denied()) {
      if (containment.within(Known.valid(excluded), denied).strictly()) {
        return Outcome.PROVEN;
      }
    }
    return unmet(Rule.EXCLUSION, writer, reader, "what 'not' leaves", "not");
  }

  /** Exact: the values that meet the condition and those that do not are two questions. */
  private Outcome condition(Facts writer, Combinators rules) {
    Outcome all = Outcome.PROVEN;
    if (rules.then() != null) {
      all = containment.within(writer.known().and(rules.condition()), rules.then());
    }
    if (rules.otherwise() != null) {
      all =
          all.and(containment.within(writer.known().andNot(rules.condition()), rules.otherwise()));
    }
    return all;
  }

  /** Incompatible only with a value in hand that shows it. */
  private Outcome unmet(
      Rule rule, Facts writer, SchemaNode reader, String accepts, String keyword) {
    return examples
        .refused(writer, reader)
        .map(
            value ->
                containment
                    .explanation()
                    .gap(
                        rule,
                        writer,
                        reader,
                        "for example " + containment.explanation().shortened(value),
                        "only " + accepts,
                        keyword))
        .orElseGet(
            () ->
                containment
                    .explanation()
                    .gap(
                        Rule.COMBINATOR_UNDECIDED,
                        writer,
                        reader,
                        "values of which it could not be shown that they fit",
                        "only " + accepts,
                        keyword));
  }
}
