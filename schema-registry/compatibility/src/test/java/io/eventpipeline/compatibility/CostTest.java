package io.eventpipeline.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.compatibility.CheckCost.Cost;
import io.eventpipeline.compatibility.HostilePairs.Pair;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Steps are what a check costs: no pair takes more memory than its steps account for, and none
 * fewer steps than the work that is known to be in it. Both are the same on every machine, however
 * busy.
 */
class CostTest {
  /** What reading two documents of 64 KiB takes before anything is counted. */
  private static final long BYTES_OF_READING = 25_000_000;

  private static final long BYTES_A_STEP_MAX = 1_000;

  private static final Map<String, Pair> PAIRS = HostilePairs.all();

  static Stream<Arguments> pairs() {
    return PAIRS.entrySet().stream()
        .map(pair -> Arguments.of(Named.of(pair.getKey(), pair.getValue())));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void takesNoMoreMemoryThanItsStepsAccountFor(Pair pair) throws Exception {
    Cost cost = CheckCost.of(pair, Limits.DEFAULT);

    assertThat(cost.steps()).isLessThanOrEqualTo(Limits.DEFAULT.stepsMax());
    assertThat(cost.allocated())
        .as("%d steps, %s", cost.steps(), cost.answer().verdict())
        .isLessThan(BYTES_OF_READING + cost.steps() * BYTES_A_STEP_MAX);
  }

  /** What takes time and no memory: taken for a step each, these take seconds to hours. */
  @ParameterizedTest
  @CsvSource({
    "anyOf of nothing, 200000",
    "multiples, 500000",
    "long multiples, 500000",
    "long names for a long pattern, 500000",
    "many patterns, 500000",
    "places below many schemas, 500000",
    "'wide values, required', 500000"
  })
  void countsWhatTakesTimeOnly(String name, int steps) throws Exception {
    assertThat(CheckCost.of(PAIRS.get(name), Limits.DEFAULT).steps()).isGreaterThan(steps);
  }
}
