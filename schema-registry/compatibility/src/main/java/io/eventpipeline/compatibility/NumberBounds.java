package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.NumberRules;
import io.eventpipeline.compatibility.schema.SchemaNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * The bounds of a number that several schemas accept. Bounds are null for none.
 *
 * @param lowerOpen whether the bound itself is excluded
 * @param multiples what it is a multiple of, each of them
 */
record NumberBounds(
    BigDecimal lower,
    boolean lowerOpen,
    BigDecimal upper,
    boolean upperOpen,
    List<BigDecimal> multiples) {

  static NumberBounds of(Facts facts) {
    BigDecimal lower = null;
    BigDecimal upper = null;
    boolean lowerOpen = false;
    boolean upperOpen = false;
    List<BigDecimal> multiples = new ArrayList<>();
    for (SchemaNode node : facts.nodes()) {
      NumberRules rules = node.numbers();
      if (rules.minimum() != null) {
        int order = lower == null ? 1 : rules.minimum().compareTo(lower);
        lowerOpen =
            order > 0
                ? rules.minimumExclusive()
                : lowerOpen || (order == 0 && rules.minimumExclusive());
        lower = order > 0 ? rules.minimum() : lower;
      }
      if (rules.maximum() != null) {
        int order = upper == null ? -1 : rules.maximum().compareTo(upper);
        upperOpen =
            order < 0
                ? rules.maximumExclusive()
                : upperOpen || (order == 0 && rules.maximumExclusive());
        upper = order < 0 ? rules.maximum() : upper;
      }
      if (rules.multipleOf() != null) {
        multiples.add(rules.multipleOf());
      }
    }
    return new NumberBounds(lower, lowerOpen, upper, upperOpen, List.copyOf(multiples));
  }

  /** Null for none, or when it has too many digits. */
  BigDecimal firstInteger() {
    return lower == null ? null : Numbers.integerAbove(lower, lowerOpen);
  }

  /** Null for none, or when it has too many digits. */
  BigDecimal lastInteger() {
    return upper == null ? null : Numbers.integerBelow(upper, upperOpen);
  }

  /** No number is within the bounds. */
  boolean empty() {
    if (lower == null || upper == null) {
      return false;
    }
    int order = lower.compareTo(upper);
    return order > 0 || (order == 0 && (lowerOpen || upperOpen));
  }

  /** No integer is within the bounds. */
  boolean emptyOfIntegers() {
    BigDecimal first = firstInteger();
    BigDecimal last = lastInteger();
    return empty() || (first != null && last != null && first.compareTo(last) > 0);
  }
}
