package io.eventpipeline.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.compatibility.Report.Comparison;
import io.eventpipeline.compatibility.schema.UnusableSchemaException;
import io.eventpipeline.compatibility.schema.UnusableSchemaException.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Schemas made to hurt: every answer is found within the counted steps. */
class LimitsTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static Comparison compare(JsonNode before, JsonNode after) throws Exception {
    Comparison answer =
        new CompatibilityChecker(Limits.DEFAULT)
            .check(
                Version.of("2", after), List.of(Version.of("1", before)), Mode.FULL, Policy.STRICT)
            .comparisons()
            .get(0);
    assertThat(answer.steps()).isLessThanOrEqualTo(Limits.DEFAULT.stepsMax());
    return answer;
  }

  private static JsonNode json(String text) {
    return Row.MAPPER.readTree(text.replace('\'', '"'));
  }

  private static ObjectNode nested(int levels, String type) {
    ObjectNode schema = JSON.objectNode().put("type", type);
    for (int i = 0; i < levels; i++) {
      ObjectNode outer = JSON.objectNode().put("type", "object");
      outer.putObject("properties").set("p", schema);
      schema = outer;
    }
    return schema;
  }

  @Test
  void comparesWhatPeopleNest() throws Exception {
    assertThat(compare(nested(30, "integer"), nested(30, "integer")).verdict())
        .isEqualTo(Verdict.COMPATIBLE);
    assertThat(compare(nested(30, "integer"), nested(30, "number")).findings())
        .singleElement()
        .extracting(Finding::difference)
        .isEqualTo(Difference.TYPE_WIDENED);
  }

  @Test
  void givesUpOnDeepNestingWithoutRunningOutOfStack() throws Exception {
    Comparison answer = compare(nested(5_000, "integer"), nested(5_000, "number"));
    assertThat(answer.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(answer.findings())
        .singleElement()
        .extracting(Finding::difference)
        .isEqualTo(Difference.UNDECIDED_LIMIT);
  }

  @Test
  void comparesTenThousandValues() throws Exception {
    ArrayNode values = JSON.arrayNode();
    for (int i = 0; i < 10_000; i++) {
      values.add("value-" + i);
    }
    ObjectNode before = JSON.objectNode();
    before.set("enum", values);
    ObjectNode after = before.deepCopy();
    ((ArrayNode) after.get("enum")).add("one more");
    Comparison answer = compare(before, after);
    assertThat(answer.findings())
        .singleElement()
        .extracting(Finding::difference)
        .isEqualTo(Difference.VALUE_ADDED);
    assertThat(answer.steps()).isLessThan(Limits.DEFAULT.stepsMax() / 2);
  }

  @ParameterizedTest
  @CsvSource({"anyOf, 30", "oneOf, 12", "oneOf, 30"})
  void decidesUnionsOfAsManyKindsAsPeopleWrite(String combinator, int count) throws Exception {
    ObjectNode before = JSON.objectNode();
    ArrayNode kinds = before.putArray(combinator);
    for (int i = 0; i < count; i++) {
      ObjectNode kind = kinds.addObject().put("type", "object");
      kind.putArray("required").add("kind");
      ObjectNode properties = kind.putObject("properties");
      properties.putObject("kind").put("const", "k" + i);
      properties.putObject("value").put("type", i % 2 == 0 ? "integer" : "string");
    }
    ObjectNode after = before.deepCopy();
    ((ObjectNode) after.at("/" + combinator + "/8/properties/value")).put("type", "boolean");

    Comparison answer = compare(before, after);

    assertThat(answer.verdict()).as(answer.toString()).isEqualTo(Verdict.INCOMPATIBLE);
    assertThat(answer.steps()).isLessThan(Limits.DEFAULT.stepsMax() / 2);
  }

  /** Written out, the last definition has 2^40 leaves. */
  private static ObjectNode doubling(String combinator, String leaf) {
    ObjectNode root = JSON.objectNode().put("$ref", "#/$defs/d40");
    ObjectNode definitions = root.putObject("$defs");
    definitions.putObject("d0").put("type", leaf);
    for (int i = 1; i <= 40; i++) {
      ObjectNode both = definitions.putObject("d" + i);
      ArrayNode parts = both.putArray(combinator);
      parts.addObject().put("$ref", "#/$defs/d" + (i - 1));
      parts.addObject().put("$ref", "#/$defs/d" + (i - 1));
    }
    return root;
  }

  @Test
  void followsEachReferenceOnce() throws Exception {
    Comparison answer = compare(doubling("allOf", "integer"), doubling("allOf", "number"));
    assertThat(answer.findings())
        .extracting(Finding::difference)
        .containsOnly(Difference.TYPE_WIDENED);
    assertThat(answer.steps()).isLessThan(50_000);
  }

  @Test
  void answersForDoublingAlternatives() throws Exception {
    for (String combinator : List.of("anyOf", "oneOf")) {
      Comparison answer = compare(doubling(combinator, "integer"), doubling(combinator, "number"));
      assertThat(answer.verdict()).isNotEqualTo(Verdict.COMPATIBLE);
    }
  }

  @Test
  void answersForAlternativesThatMultiply() throws Exception {
    ObjectNode before = JSON.objectNode().put("type", "object");
    ArrayNode all = before.putArray("allOf");
    for (int i = 0; i < 30; i++) {
      ArrayNode either = all.addObject().putArray("anyOf");
      either.addObject().putArray("required").add("a" + i);
      either.addObject().putArray("required").add("b" + i);
    }
    ObjectNode after = before.deepCopy();
    ((ObjectNode) after.get("allOf").get(29)).putArray("required").add("c");
    Comparison answer = compare(before, after);
    assertThat(answer.verdict()).isNotEqualTo(Verdict.COMPATIBLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'$ref':'#'}",
        "{'allOf':[{'$ref':'#'}]}",
        "{'anyOf':[{'$ref':'#'},{'type':'string'}]}",
        "{'not':{'$ref':'#'}}",
        "{'dependentSchemas':{'a':{'$ref':'#'}}}",
        "{'if':true,'then':{'$ref':'#/$defs/a'},'$defs':{'a':{'$ref':'#'}}}"
      })
  void refusesCirclesThatNeverReachTheData(String circle) {
    assertThatThrownBy(() -> compare(json("{'type':'string'}"), json(circle)))
        .isInstanceOfSatisfying(
            UnusableSchemaException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.ENDLESS_REFERENCE));
  }

  @Test
  void saysUnknownBelowItsDepth() throws Exception {
    Limits usual = Limits.DEFAULT;
    CompatibilityChecker shallow =
        new CompatibilityChecker(
            new Limits(
                usual.stepsMax(),
                5,
                usual.nodesMax(),
                usual.nestingMax(),
                usual.findingsMax(),
                usual.formatsAsserted()));
    JsonNode before = json("{'items':".repeat(8) + "{'type':'integer'}" + "}".repeat(8));
    JsonNode after = json("{'items':".repeat(8) + "{'type':'number'}" + "}".repeat(8));
    List<Version> earlier = List.of(Version.of("1", before));

    Version proposed = Version.of("2", after);
    assertThat(shallow.check(proposed, earlier, Mode.BACKWARD, Policy.STRICT).comparisons().get(0))
        .extracting(Comparison::verdict)
        .isEqualTo(Verdict.UNKNOWN);
    assertThat(compare(before, after).verdict()).isNotEqualTo(Verdict.UNKNOWN);
  }

  /** Many schemas beside each other are no long chain. */
  @Test
  void takesWidthForNoDepth() throws Exception {
    ObjectNode wide = JSON.objectNode();
    ObjectNode properties = wide.putObject("properties");
    for (int i = 0; i < 600; i++) {
      properties.putObject("p" + i).put("type", "string");
    }

    assertThat(compare(wide, wide.deepCopy()).verdict()).isEqualTo(Verdict.COMPATIBLE);
  }

  @Test
  void answersForPatternsThatExplode() throws Exception {
    JsonNode before = json("{'type':'string','pattern':'^(a+)+$'}");
    JsonNode after = json("{'type':'string','pattern':'^((((a|b){20}){20}){20}){20}$'}");
    assertThat(compare(before, after).findings())
        .extracting(Finding::difference)
        .contains(Difference.UNDECIDED_PATTERN);
    JsonNode subsets = json("{'type':'string','pattern':'a.{18}$'}"); // 2^18 sets of states
    assertThat(compare(subsets, json("{'type':'string','pattern':'b.{18}$'}")).verdict())
        .isNotEqualTo(Verdict.COMPATIBLE);
  }

  @Test
  void answersForNumbersOfAnySize() throws Exception {
    JsonNode before = json("{'type':'integer','minimum':0,'maximum':1e999999999}");
    JsonNode after = json("{'type':'integer','minimum':1e-999999999,'multipleOf':1e-999999999}");
    assertThat(compare(before, after).verdict()).isNotEqualTo(Verdict.COMPATIBLE);
  }

  @Test
  void stopsAtTheStepsItIsGiven() throws Exception {
    Limits few = new Limits(50, 150, 50_000, 100, 50, false);
    Comparison answer =
        new CompatibilityChecker(few)
            .check(
                Version.of("2", nested(20, "number")),
                List.of(Version.of("1", nested(20, "integer"))),
                Mode.BACKWARD,
                Policy.STRICT)
            .comparisons()
            .get(0);
    assertThat(answer.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(answer.steps()).isEqualTo(50);
  }

  private static ObjectNode values(String last) {
    ObjectNode schema = JSON.objectNode();
    ArrayNode values = schema.putArray("enum");
    for (int i = 0; i < 3_000; i++) {
      values.add("value-" + i);
    }
    values.add(last);
    return schema;
  }

  @Test
  void sharesTheStepsAmongTwoHundredVersions() throws Exception {
    List<Version> earlier = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      earlier.add(Version.of(Integer.toString(i), values("c" + i)));
    }

    Report report =
        new CompatibilityChecker(Limits.DEFAULT)
            .check(Version.of("201", values("d")), earlier, Mode.FULL_TRANSITIVE, Policy.STRICT);

    assertThat(report.comparisons()).hasSize(200);
    assertThat(report.comparisons().stream().mapToInt(Comparison::steps).sum())
        .isLessThanOrEqualTo(Limits.DEFAULT.stepsMax());
    assertThat(report.comparisons().get(0).steps()).as("the newest has its turn").isPositive();
    Comparison oldest = report.comparisons().get(199);
    assertThat(oldest.against()).isEqualTo("1");
    assertThat(oldest.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(oldest.steps()).isZero();
    assertThat(oldest.findings())
        .singleElement()
        .extracting(Finding::difference)
        .isEqualTo(Difference.UNDECIDED_LIMIT);
  }

  @Test
  void countsVersionsThatAreReadAndPassedOver() throws Exception {
    Check check =
        new CompatibilityChecker(Limits.DEFAULT)
            .start(Version.of("2", values("a")), Mode.BACKWARD, Policy.STRICT);
    for (int i = 0; i < 5_000; i++) {
      check.passedOver(2_000);
    }
    assertThat(check.isSpent()).as("thousands of ordinary schemas").isFalse();

    for (int i = 0; i < 1_000; i++) {
      check.passedOver(64 * 1024);
    }
    assertThat(check.isSpent()).isTrue();
  }

  @Test
  void hasStepsForTwoHundredVersionsOfAnOrdinarySchema() throws Exception {
    JsonNode shipped =
        Row.MAPPER.readTree(LimitsTest.class.getResourceAsStream("/schemas/order.completed.json"));
    List<Version> earlier = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      ObjectNode version = (ObjectNode) shipped.deepCopy();
      version.withObjectProperty("properties").putObject("p" + i).put("type", "string");
      earlier.add(Version.of(Integer.toString(i), version));
    }
    ObjectNode next = (ObjectNode) shipped.deepCopy();
    next.withObjectProperty("properties").putObject("p").put("type", "integer");

    Report report =
        new CompatibilityChecker(Limits.DEFAULT)
            .check(Version.of("201", next), earlier, Mode.FULL_TRANSITIVE, Policy.STRICT);

    assertThat(report.comparisons())
        .extracting(Comparison::verdict)
        .as("steps: " + report.comparisons().stream().mapToInt(Comparison::steps).sum())
        .containsOnly(Verdict.INCOMPATIBLE);
  }
}
