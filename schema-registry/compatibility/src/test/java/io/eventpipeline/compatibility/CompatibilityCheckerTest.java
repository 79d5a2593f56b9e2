package io.eventpipeline.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.compatibility.Report.Comparison;
import io.eventpipeline.compatibility.schema.UnusableSchemaException;
import io.eventpipeline.compatibility.schema.UnusableSchemaException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class CompatibilityCheckerTest {
  private static final CompatibilityChecker CHECKER = new CompatibilityChecker(Limits.DEFAULT);
  private static final Version INTEGER = Version.of("1", json("{'type':'integer'}"));
  private static final Version NUMBER = Version.of("2", json("{'type':'number'}"));
  private static final Version ANYTHING = Version.of("3", json("{}"));

  private static JsonNode json(String text) {
    return Row.MAPPER.readTree(text.replace('\'', '"'));
  }

  private static Report check(Version proposed, Mode mode, Version... earlier) throws Exception {
    return CHECKER.check(proposed, List.of(earlier), mode, Policy.STRICT);
  }

  @Test
  void comparesWithTheNewestOnlyUnlessTransitive() throws Exception {
    assertThat(check(NUMBER, Mode.BACKWARD, ANYTHING, INTEGER).compatible()).isTrue();
    Report all = check(NUMBER, Mode.BACKWARD_TRANSITIVE, ANYTHING, INTEGER);
    assertThat(all.compatible()).isFalse();
    assertThat(all.comparisons()).extracting(Comparison::against).containsExactly("1", "3");
  }

  /**
   * In the first choice "a is within b" holds as long as "c is within d" does, which fails because
   * of n. The second must not take that over: {"x":{"y":{"x":{"n":1}}}} was valid and is not.
   */
  @Test
  void forgetsWhatItConcludedFromAnAssumptionThatFailed() throws Exception {
    Version before =
        Version.of(
            "1",
            json(
                "{'$ref':'#/$defs/a','$defs':{"
                    + "'a':{'type':'object','additionalProperties':false,"
                    + "'properties':{'x':{'$ref':'#/$defs/c'}}},"
                    + "'c':{'type':'object','additionalProperties':false,"
                    + "'properties':{'n':{'type':'integer'},'y':{'$ref':'#/$defs/a'}}}}}"));
    Version after =
        Version.of(
            "2",
            json(
                "{'anyOf':[{'properties':{'x':{'$ref':'#/$defs/d'}}},"
                    + "{'properties':{'x':{'properties':{'y':{'$ref':'#/$defs/b'}}}}}],'$defs':{"
                    + "'b':{'properties':{'x':{'$ref':'#/$defs/d'}}},"
                    + "'d':{'properties':{'n':{'type':'string'},'y':{'$ref':'#/$defs/b'}}}}}"));

    assertThat(check(after, Mode.BACKWARD, before).compatible()).isFalse();
  }

  /**
   * Whether what is not within d is within d comes down to itself, about the same value: no
   * induction. Anything was valid, 5 is not any more.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'if':{'$ref':'#/$defs/d'},'else':{'$ref':'#/$defs/d'},'$defs':{'d':{'type':'string'}}}",
        "{'if':{'$ref':'#/$defs/d'},'else':{'$ref':'#/$defs/d'},"
            + "'$defs':{'d':{'properties':{'n':{'$ref':'#/$defs/d'}},'required':['n']}}}",
        "{'if':{'$ref':'#/$defs/d'},'else':{'anyOf':[{'$ref':'#/$defs/d'},{'const':1}]},"
            + "'$defs':{'d':{'maxItems':2,'type':['array','null'],'items':{'$ref':'#/$defs/d'}}}}"
      })
  void concludesNothingFromItself(String text) throws Exception {
    assertThat(check(Version.of("2", json(text)), Mode.BACKWARD, ANYTHING).compatible()).isFalse();
  }

  @Test
  void asksBothWaysForFull() throws Exception {
    assertThat(check(NUMBER, Mode.BACKWARD, INTEGER).compatible()).isTrue();
    assertThat(check(NUMBER, Mode.FORWARD, INTEGER).compatible()).isFalse();
    assertThat(check(NUMBER, Mode.FULL, INTEGER).compatible()).isFalse();
    assertThat(check(INTEGER, Mode.FORWARD_TRANSITIVE, ANYTHING, NUMBER).compatible()).isTrue();
    assertThat(check(INTEGER, Mode.FULL_TRANSITIVE, INTEGER).compatible()).isTrue();
  }

  @Test
  void asksNothingForNoneAndOfAFirstVersion() throws Exception {
    assertThat(check(NUMBER, Mode.NONE, INTEGER).comparisons()).isEmpty();
    assertThat(check(NUMBER, Mode.FULL_TRANSITIVE).compatible()).isTrue();
  }

  @Test
  void explainsAChangeInFull() throws Exception {
    Version before = Version.of("1", json("{'properties':{'q':{'type':'integer','maximum':100}}}"));
    Version after = Version.of("2", json("{'properties':{'q':{'type':'integer','maximum':50}}}"));
    Finding finding = check(after, Mode.BACKWARD, before).comparisons().get(0).findings().get(0);
    assertThat(finding.difference()).isEqualTo(Difference.MAXIMUM_LOWERED);
    assertThat(finding.pointer()).isEqualTo("/properties/q/maximum");
    assertThat(finding.oldPointer()).isEqualTo("/properties/q/maximum");
    assertThat(finding.oldFragment()).contains(json("100"));
    assertThat(finding.newFragment()).contains(json("50"));
    assertThat(finding.message())
        .isEqualTo(
            "The old schema allows numbers up to 100; the new one accepts only numbers up to 50.");
    assertThat(finding.fix()).contains(new Fix("replace", "/properties/q/maximum", json("100")));
  }

  @Test
  void escapesNamesInItsPointers() throws Exception {
    Version before = Version.of("1", json("{'properties':{'a/~b':{'type':'integer'}}}"));
    Version after = Version.of("2", json("{'properties':{'a/~b':{'type':'string'}}}"));
    Finding finding = check(after, Mode.BACKWARD, before).comparisons().get(0).findings().get(0);
    assertThat(finding.pointer()).isEqualTo("/properties/a~1~0b/type");
  }

  @Test
  void givesAStringThatIsRefused() throws Exception {
    Version before = Version.of("1", json("{'type':'string','pattern':'^[A-Z]{2,3}$'}"));
    Version after = Version.of("2", json("{'type':'string','pattern':'^[A-Z]{3}$'}"));
    Finding finding = check(after, Mode.BACKWARD, before).comparisons().get(0).findings().get(0);
    assertThat(finding.message()).contains("such as 'AA'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:1/schema.json",
        "file:///etc/hostname",
        "jar:file:/x.jar!/schema.json",
        "classpath:schema.json",
        "https://json-schema.org/draft/2020-12/schema",
        "#/$defs/missing",
        "#anchor",
        "other"
      })
  void namesTheReferenceThatItWillNotFetch(String reference) {
    JsonNode schema = json("{'properties':{'a':{}}}");
    ((ObjectNode) schema.get("properties").get("a")).put("$ref", reference);
    assertThatThrownBy(() -> check(Version.of("2", schema), Mode.BACKWARD, ANYTHING))
        .isInstanceOfSatisfying(
            UnusableSchemaException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.UNRESOLVED_REFERENCE);
              assertThat(e.location().pointer()).isEqualTo("/properties/a/$ref");
              assertThat(e).hasMessageContaining(reference);
            });
  }

  @Test
  void followsReferencesToRegisteredSchemas() throws Exception {
    JsonNode order = json("{'properties':{'customer':{'$ref':'customer.json'}}}");
    Map<String, JsonNode> narrow = Map.of("customer.json", json("{'type':'string'}"));
    Map<String, JsonNode> wide =
        Map.of(
            "customer.json",
            json(
                "{'$schema':'http://json-schema.org/draft-07/schema#',"
                    + "'$ref':'#/definitions/c','definitions':{'c':{'type':['string','null']}}}"));
    Version before = new Version("1", order, narrow);
    Version after = new Version("2", order, wide);
    assertThat(check(after, Mode.BACKWARD, before).compatible()).isTrue();
    Finding finding = check(before, Mode.BACKWARD, after).comparisons().get(0).findings().get(0);
    assertThat(finding.difference()).isEqualTo(Difference.TYPE_NARROWED);
    assertThat(finding.pointer()).isEqualTo("customer.json#/type");
    assertThat(finding.fix()).as("another subject's schema").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'strnig'}",
        "{'properties':[]}",
        "{'minLength':-1}",
        "{'minLength':1.5}",
        "{'multipleOf':0}",
        "{'required':'a'}",
        "{'allOf':{}}",
        "{'pattern':1}",
        "{'items':[]}",
        "{'properties':{'a':1}}",
        "7"
      })
  void refusesWhatIsNoSchema(String text) {
    assertThatThrownBy(() -> check(Version.of("2", json(text)), Mode.BACKWARD, ANYTHING))
        .isInstanceOfSatisfying(
            UnusableSchemaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED));
  }

  @Test
  void refusesADraftThatItDoesNotKnow() {
    Version draft3 = Version.of("2", json("{'$schema':'http://json-schema.org/draft-03/schema#'}"));
    assertThatThrownBy(() -> check(draft3, Mode.BACKWARD, ANYTHING))
        .isInstanceOfSatisfying(
            UnusableSchemaException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED_DIALECT));
  }

  @Test
  void holdsFormatsAgainstValuesWhereValidatorsDo() throws Exception {
    Limits d = Limits.DEFAULT;
    CompatibilityChecker asserting =
        new CompatibilityChecker(
            new Limits(
                d.stepsMax(), d.depthMax(), d.nodesMax(), d.nestingMax(), d.findingsMax(), true));
    Version plain = Version.of("1", json("{'type':'string'}"));
    Version dated = Version.of("2", json("{'type':'string','format':'date-time'}"));
    Comparison backward =
        asserting.check(dated, List.of(plain), Mode.BACKWARD, Policy.STRICT).comparisons().get(0);
    Comparison forward =
        asserting.check(plain, List.of(dated), Mode.FORWARD, Policy.STRICT).comparisons().get(0);
    assertThat(backward.findings())
        .extracting(Finding::difference)
        .containsExactly(Difference.FORMAT_TIGHTENED);
    assertThat(forward.verdict()).isEqualTo(Verdict.INCOMPATIBLE);
    assertThat(forward.findings())
        .extracting(Finding::difference)
        .containsExactly(Difference.FORMAT_RELAXED);
    assertThat(check(dated, Mode.BACKWARD, plain).compatible()).isTrue();
  }

  /** The schemas that this product ships follow themselves, also with an optional field more. */
  @Test
  void letsShippedSchemasEvolve() throws Exception {
    try (var files = Files.list(shipped())) {
      for (Path file : files.sorted().toList()) {
        JsonNode schema = Row.MAPPER.readTree(Files.readString(file));
        ObjectNode described = ((ObjectNode) schema.deepCopy()).put("description", "other words");
        ObjectNode more = described.deepCopy();
        ((ObjectNode) more.get("properties")).putObject("added").put("type", "string");
        Version now = Version.of("1", schema);
        assertThat(check(Version.of("2", described), Mode.FULL, now).compatible()).isTrue();
        assertThat(check(Version.of("2", more), Mode.BACKWARD, now).compatible()).isTrue();
        assertThat(check(Version.of("2", more), Mode.FORWARD, now).compatible()).isFalse();
      }
    }
  }

  private static Path shipped() throws IOException {
    try {
      return Path.of(CompatibilityCheckerTest.class.getResource("/schemas").toURI());
    } catch (java.net.URISyntaxException e) {
      throw new IOException(e);
    }
  }
}
