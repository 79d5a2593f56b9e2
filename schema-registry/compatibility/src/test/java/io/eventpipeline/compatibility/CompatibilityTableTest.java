package io.eventpipeline.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.compatibility.Report.Comparison;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Both directions, both policies; the table is for people to read too. {@link EveryDraftTest} sees
 * to it that no keyword of any draft is missing.
 */
class CompatibilityTableTest {
  private static final CompatibilityChecker CHECKER = new CompatibilityChecker(Limits.DEFAULT);

  static List<Row> rows() {
    return Row.all();
  }

  private static Comparison compare(Version before, Version after, Direction direction, Policy p)
      throws Exception {
    Mode mode = direction == Direction.BACKWARD ? Mode.BACKWARD : Mode.FORWARD;
    return CHECKER.check(after, List.of(before), mode, p).comparisons().get(0);
  }

  private static Set<String> differences(List<Finding> findings) {
    return findings.stream()
        .map(f -> f.difference().name())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void answersAsTheTableSays(Row row) throws Exception {
    for (Policy policy : Policy.values()) {
      for (Direction direction : Direction.values()) {
        Comparison answer = compare(row.before(), row.after(), direction, policy);
        assertThat(differences(answer.findings()))
            .as("%s %s %s: %s", row, direction, policy, answer)
            .isEqualTo(row.expected(direction, policy));
        assertThat(answer.verdict() == Verdict.COMPATIBLE).isEqualTo(answer.findings().isEmpty());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void explainsWithPointersThatLeadSomewhere(Row row) throws Exception {
    for (Direction direction : Direction.values()) {
      for (Finding f : compare(row.before(), row.after(), direction, Policy.STRICT).findings()) {
        assertThat(at(row.after(), f.pointer()).isMissingNode()).as("%s", f).isFalse();
        assertThat(at(row.before(), f.oldPointer()).isMissingNode()).as("%s", f).isFalse();
        assertThat(f.message()).endsWith(".").hasSizeBetween(20, 600);
        assertThat(f.verdict()).isEqualTo(f.difference().verdict(direction, Policy.STRICT));
      }
    }
  }

  private static JsonNode at(Version version, String pointer) {
    return version.schema().at(JsonPointer.compile(pointer));
  }

  /** The smallest change takes away the finding that it is offered for. */
  @ParameterizedTest
  @MethodSource("rows")
  void offersFixesThatHelp(Row row) throws Exception {
    for (Direction direction : Direction.values()) {
      for (Finding f : compare(row.before(), row.after(), direction, Policy.STRICT).findings()) {
        if (f.fix().isPresent()) {
          Version fixed = Version.of("fixed", JsonPatch.apply(row.after().schema(), f.fix().get()));
          Comparison again = compare(row.before(), fixed, direction, Policy.STRICT);
          assertThat(again.findings())
              .as("%s fixed by %s", f, f.fix())
              .noneMatch(g -> g.difference() == f.difference() && g.message().equals(f.message()));
        }
      }
    }
  }

  @Test
  void hasARowForEveryDifference() {
    Set<String> all = new TreeSet<>();
    for (Row row : Row.all()) {
      for (Direction direction : Direction.values()) {
        all.addAll(row.expected(direction, Policy.STRICT));
      }
    }
    Set<String> known =
        EnumSet.complementOf(
                EnumSet.of(
                    Difference.UNDECIDED_LIMIT,
                    Difference.FORMAT_TIGHTENED,
                    Difference
                        .FORMAT_RELAXED)) // LimitsTest and CompatibilityCheckerTest have these
            .stream()
            .map(Enum::name)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(all).isEqualTo(known);
  }
}
