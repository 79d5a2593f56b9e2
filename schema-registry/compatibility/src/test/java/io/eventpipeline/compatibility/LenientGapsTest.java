package io.eventpipeline.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * What LENIENT calls compatible although a validator refuses something: all of it, one example
 * each. Someone who relies on LENIENT relies on nobody doing this.
 */
class LenientGapsTest {
  @SuppressWarnings("ImmutableEnumChecker") // nobody changes these trees
  enum Gap {
    UNDECLARED_PROPERTY_GETS_A_TYPE(
        Mode.BACKWARD,
        "{'properties':{'a':{}}}",
        "{'properties':{'a':{},'note':{'type':'string'}}}",
        "{'note':7}"),
    DECLARED_PROPERTY_IS_FORGOTTEN(
        Mode.FORWARD,
        "{'properties':{'note':{'type':'string'}}}",
        "{'properties':{}}",
        "{'note':7}"),
    CLOSED_MODEL_LOSES_A_PROPERTY(
        Mode.BACKWARD,
        "{'properties':{'a':{},'b':{}},'additionalProperties':false}",
        "{'properties':{'a':{}},'additionalProperties':false}",
        "{'b':1}"),
    CLOSED_MODEL_GETS_A_PROPERTY(
        Mode.FORWARD,
        "{'properties':{'a':{}},'additionalProperties':false}",
        "{'properties':{'a':{},'b':{}},'additionalProperties':false}",
        "{'b':1}"),
    OPEN_MODEL_IS_CLOSED(
        Mode.BACKWARD,
        "{'type':'object'}",
        "{'type':'object','additionalProperties':false}",
        "{'extra':1}"),
    CLOSED_MODEL_IS_OPENED(
        Mode.FORWARD,
        "{'type':'object','additionalProperties':false}",
        "{'type':'object'}",
        "{'extra':1}"),
    OPEN_MODEL_IS_RESTRICTED(
        Mode.BACKWARD,
        "{'type':'object'}",
        "{'type':'object','additionalProperties':{'type':'string'}}",
        "{'extra':1}"),
    RESTRICTED_MODEL_IS_OPENED(
        Mode.FORWARD,
        "{'type':'object','patternProperties':{'^x':{'type':'string'}}}",
        "{'type':'object'}",
        "{'x1':1}"),
    REQUIRED_PROPERTY_HAS_A_DEFAULT(
        Mode.BACKWARD,
        "{'type':'object'}",
        "{'type':'object','properties':{'n':{'default':1}},'required':['n']}",
        "{}"),
    PROPERTY_WITH_A_DEFAULT_BECOMES_OPTIONAL(
        Mode.FORWARD,
        "{'type':'object','properties':{'n':{'default':1}},'required':['n']}",
        "{'type':'object','properties':{'n':{'default':1}}}",
        "{}");

    private final Mode mode;
    private final JsonNode before;
    private final JsonNode after;
    private final JsonNode refused;

    Gap(Mode mode, String before, String after, String refused) {
      this.mode = mode;
      this.before = json(before);
      this.after = json(after);
      this.refused = json(refused);
    }
  }

  private static JsonNode json(String text) {
    return Row.MAPPER.readTree(text.replace('\'', '"'));
  }

  private static Report check(Gap gap, Policy policy) throws Exception {
    return new CompatibilityChecker(Limits.DEFAULT)
        .check(Version.of("2", gap.after), List.of(Version.of("1", gap.before)), gap.mode, policy);
  }

  @ParameterizedTest
  @EnumSource(Gap.class)
  void letsThroughWhatAValidatorRefuses(Gap gap) throws Exception {
    boolean backward = gap.mode == Mode.BACKWARD;
    assertThat(new Oracle(backward ? gap.before : gap.after).accepts(gap.refused)).isTrue();
    assertThat(new Oracle(backward ? gap.after : gap.before).accepts(gap.refused)).isFalse();

    Report lenient = check(gap, Policy.LENIENT);

    assertThat(lenient.compatible()).isTrue();
    assertThat(lenient.comparisons().get(0).forgiven())
        .as("says what it lets through")
        .isNotEmpty();
    assertThat(check(gap, Policy.STRICT).verdict()).isEqualTo(Verdict.INCOMPATIBLE);
  }

  /** The list is complete: whatever the policy forgives has its example. */
  @Test
  void hasAnExampleOfEachDifferenceThatIsForgiven() throws Exception {
    List<Difference> shown = new ArrayList<>();
    for (Gap gap : Gap.values()) {
      check(gap, Policy.LENIENT)
          .comparisons()
          .get(0)
          .forgiven()
          .forEach(f -> shown.add(f.difference()));
    }
    for (Difference difference : Difference.values()) {
      for (Direction direction : Direction.values()) {
        boolean forgiven =
            difference.verdict(direction, Policy.STRICT) == Verdict.INCOMPATIBLE
                && difference.verdict(direction, Policy.LENIENT) == Verdict.COMPATIBLE;
        assertThat(shown.contains(difference) || !forgiven).as("%s", difference).isTrue();
      }
    }
  }

  /** A policy must not leak into a place where accepting more means refusing more. */
  @Test
  void forgivesNothingUnderNegation() throws Exception {
    JsonNode before = json("{'not':{'type':'object','properties':{'a':{'type':'string'}}}}");
    JsonNode after = json("{'not':{'type':'object'}}");
    Report report =
        new CompatibilityChecker(Limits.DEFAULT)
            .check(
                Version.of("2", after),
                List.of(Version.of("1", before)),
                Mode.BACKWARD,
                Policy.LENIENT);
    assertThat(report.compatible()).isFalse();
  }
}
