package io.eventpipeline.compatibility.schema;

import java.math.BigDecimal;

/**
 * What a schema asks of numbers. Absent bounds are null.
 *
 * @param minimum the stronger of {@code minimum} and {@code exclusiveMinimum}
 * @param minimumExclusive whether the bound itself is refused
 * @param maximum likewise
 * @param multipleOf greater than 0
 */
public record NumberRules(
    BigDecimal minimum,
    boolean minimumExclusive,
    BigDecimal maximum,
    boolean maximumExclusive,
    BigDecimal multipleOf) {
  /** No rule at all. */
  public static final NumberRules NONE = new NumberRules(null, false, null, false, null);
}
