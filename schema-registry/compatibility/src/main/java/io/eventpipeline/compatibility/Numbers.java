package io.eventpipeline.compatibility;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Exact arithmetic on JSON numbers; {@code 1e999999999} is a number that costs nothing to write.
 */
final class Numbers {
  private static final int DIGITS_MAX = 400;
  private static final int LONG_DIGITS = 18;
  private static final int DIGITS_A_STEP = 8;

  private Numbers() {}

  /** How long it takes to divide one by the other; those of 18 digits take next to nothing. */
  static int steps(BigDecimal number, BigDecimal of) {
    int digits = Math.max(number.precision(), of.precision());
    return digits <= LONG_DIGITS ? 0 : 1 + (number.precision() + of.precision()) / DIGITS_A_STEP;
  }

  /** Whether {@code number} is a whole multiple of {@code of}. */
  static Truth isMultiple(BigDecimal number, BigDecimal of) {
    if (number.signum() == 0) {
      return Truth.YES;
    }
    if (!isHandy(number) || !isHandy(of)) {
      return Truth.UNKNOWN;
    }
    return Truth.of(number.remainder(of).signum() == 0);
  }

  /** The smallest integer at or above, or above; null when it has too many digits. */
  static BigDecimal integerAbove(BigDecimal bound, boolean exclusive) {
    if (!isHandy(bound)) {
      return null;
    }
    BigDecimal rounded = bound.setScale(0, RoundingMode.CEILING);
    return exclusive && rounded.compareTo(bound) == 0 ? rounded.add(BigDecimal.ONE) : rounded;
  }

  /** The largest integer at or below, or below; null when it has too many digits. */
  static BigDecimal integerBelow(BigDecimal bound, boolean exclusive) {
    BigDecimal above = integerAbove(bound.negate(), exclusive);
    return above == null ? null : above.negate();
  }

  /** Small enough to add to and to divide. */
  static boolean isHandy(BigDecimal number) {
    return number.precision() <= DIGITS_MAX && Math.abs((long) number.scale()) <= DIGITS_MAX;
  }
}
