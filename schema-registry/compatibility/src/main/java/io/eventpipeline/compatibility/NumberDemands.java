package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.JsonType;
import io.eventpipeline.compatibility.schema.NumberRules;
import io.eventpipeline.compatibility.schema.SchemaNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** {@code minimum}, {@code maximum}, their exclusive forms, and {@code multipleOf}. */
final class NumberDemands {
  private final Explanation explanation;
  private final Budget budget;

  NumberDemands(Explanation explanation, Budget budget) {
    this.explanation = explanation;
    this.budget = budget;
  }

  Outcome check(Facts writer, SchemaNode reader) {
    if (reader.numbers().equals(NumberRules.NONE) || !writer.mayBeNumber()) {
      return Outcome.PROVEN;
    }
    return minimum(writer, reader).and(maximum(writer, reader)).and(multipleOf(writer, reader));
  }

  private static boolean integers(Facts writer) {
    return !writer.may(JsonType.FRACTION);
  }

  /** Where the values can be listed they answer for themselves. */
  private static boolean all(Facts writer, Predicate<BigDecimal> meets) {
    return writer.candidates() != null
        && writer.candidates().stream()
            .filter(JsonNode::isNumber)
            .allMatch(value -> meets.test(value.decimalValue()));
  }

  private Outcome minimum(Facts writer, SchemaNode reader) {
    NumberRules rules = reader.numbers();
    BigDecimal bound = rules.minimum();
    if (bound == null
        || all(writer, n -> n.compareTo(bound) >= (rules.minimumExclusive() ? 1 : 0))) {
      return Outcome.PROVEN;
    }
    NumberBounds bounds = writer.numbers();
    BigDecimal first = integers(writer) ? bounds.firstInteger() : null;
    BigDecimal lower = first != null ? first : bounds.lower();
    boolean open = first == null && bounds.lowerOpen();
    int order = lower == null ? -1 : lower.compareTo(bound);
    if (order > 0 || (order == 0 && (open || !rules.minimumExclusive()))) {
      return Outcome.PROVEN;
    }
    return explanation.gap(
        Rule.MINIMUM,
        writer,
        reader,
        lower == null ? "numbers of any size" : "numbers from " + (open ? "above " : "") + lower,
        "only numbers " + (rules.minimumExclusive() ? "above " : "from ") + bound,
        "minimum",
        "exclusiveMinimum");
  }

  private Outcome maximum(Facts writer, SchemaNode reader) {
    NumberRules rules = reader.numbers();
    BigDecimal bound = rules.maximum();
    if (bound == null
        || all(writer, n -> n.compareTo(bound) <= (rules.maximumExclusive() ? -1 : 0))) {
      return Outcome.PROVEN;
    }
    NumberBounds bounds = writer.numbers();
    BigDecimal last = integers(writer) ? bounds.lastInteger() : null;
    BigDecimal upper = last != null ? last : bounds.upper();
    boolean open = last == null && bounds.upperOpen();
    int order = upper == null ? 1 : upper.compareTo(bound);
    if (order < 0 || (order == 0 && (open || !rules.maximumExclusive()))) {
      return Outcome.PROVEN;
    }
    return explanation.gap(
        Rule.MAXIMUM,
        writer,
        reader,
        upper == null ? "numbers of any size" : "numbers up to " + (open ? "below " : "") + upper,
        "only numbers " + (rules.maximumExclusive() ? "below " : "up to ") + bound,
        "maximum",
        "exclusiveMaximum");
  }

  private Outcome multipleOf(Facts writer, SchemaNode reader) {
    BigDecimal unit = reader.numbers().multipleOf();
    if (unit == null || all(writer, n -> Numbers.isMultiple(n, unit) == Truth.YES)) {
      return Outcome.PROVEN;
    }
    writer.look();
    List<BigDecimal> multiples = writer.numbers().multiples();
    Truth divides = integers(writer) ? Numbers.isMultiple(BigDecimal.ONE, unit) : Truth.NO;
    for (BigDecimal multiple : multiples) {
      budget.steps(Numbers.steps(multiple, unit));
      divides = divides.or(Numbers.isMultiple(multiple, unit));
    }
    if (divides == Truth.YES) {
      return Outcome.PROVEN;
    }
    return explanation.gap(
        divides == Truth.UNKNOWN ? Rule.NUMBER_UNDECIDED : Rule.MULTIPLE_OF,
        writer,
        reader,
        multiples.isEmpty() ? "all numbers" : "multiples of " + multiples.get(0),
        "only multiples of " + unit,
        "multipleOf");
  }
}
