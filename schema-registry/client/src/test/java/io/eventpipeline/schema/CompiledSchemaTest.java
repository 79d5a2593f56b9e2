package io.eventpipeline.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.schema.SchemaRejectedException.Reason;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CompiledSchemaTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final JsonMapper DECIMALS =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  @Test
  void namesPointerKeywordAndMessageOfEachViolation() throws Exception {
    CompiledSchema schema =
        compile(
            """
            {"type":"object","required":["sku"],"additionalProperties":false,
             "properties":{"sku":{"type":"string"},"quantity":{"type":"integer","minimum":1},
                           "lines":{"items":{"properties":{"a/b":{"const":1}}}}}}
            """);

    List<Violation> violations =
        schema.validate(json("{'quantity':-1,'lines':[{},{'a/b':2}],'colour':'red'}"));

    assertThat(violations)
        .extracting(v -> v.pointer() + " " + v.keyword())
        .containsExactlyInAnyOrder(
            "/sku required",
            "/quantity minimum",
            "/lines/1/a~1b const",
            "/colour additionalProperties");
    assertThat(violations).allSatisfy(v -> assertThat(v.message()).isNotBlank());
  }

  @Test
  void answersValidDataWithTheSharedEmptyList() throws Exception {
    CompiledSchema schema = compile("{\"type\":\"object\"}");

    assertThat(schema.validate(json("{}"))).isSameAs(List.of());
  }

  @Test
  void reportsAtMostTenViolationsHoweverManyThereAre() throws Exception {
    CompiledSchema schema = compile("{\"items\":{\"type\":\"string\"}}");
    String many = "[" + "1,".repeat(200_000) + "1]";

    assertThat(schema.validate(json(many))).hasSize(SchemaLimits.VIOLATIONS_MAX);
  }

  @Test
  void keepsTheBranchesOfAnyOfWorkingWhenTheirErrorsAreMany() throws Exception {
    CompiledSchema schema =
        compile("{\"anyOf\":[{\"items\":{\"type\":\"string\"}},{\"minItems\":1}]}");

    assertThat(schema.validate(json("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "date-time | 2026-11-20T10:00:00Z | yesterday",
        "uuid | 0191b1f0-7d5c-7abc-8def-0123456789ab | 42",
        "date | 2026-11-20 | 20.11.2026"
      })
  void assertsFormats(String format, String good, String bad) throws Exception {
    CompiledSchema schema = compile("{\"format\":\"" + format + "\"}");

    assertThat(schema.validate(JSON.stringNode(good))).isEmpty();
    assertThat(schema.validate(JSON.stringNode(bad))).hasSize(1);
  }

  @Test
  void takesAWholeNumberWithAFractionOfZeroForAnInteger() throws Exception {
    CompiledSchema schema = compile("{\"type\":\"integer\"}");

    assertThat(schema.validate(json("2.0"))).isEmpty();
    assertThat(schema.validate(json("2.5"))).hasSize(1);
  }

  /** As the job reads numbers: as decimals. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type':['integer','number'],'minimum':0} | -0.5 | minimum",
        "{'type':['number','integer'],'maximum':5} | 5.5 | maximum",
        "{'type':['integer','number'],'exclusiveMinimum':0} | 0.5 | ",
        "{'type':['integer','number'],'exclusiveMaximum':1} | 0.5 | ",
        "{'type':['integer','number'],'exclusiveMaximum':1} | 1 | exclusiveMaximum",
        "{'type':'integer','minimum':1,'maximum':100} | 1e99 | maximum",
        "{'type':'integer','minimum':1,'maximum':100} | -1e999999999 | minimum",
        "{'type':'integer','minimum':1} | 1e999999999 | ",
        "{'type':'integer','minimum':1} | 7 | ",
        "{'type':'integer','minimum':1,'allOf':[{'multipleOf':2}]} | 0 | minimum",
        "{'type':'integer','minimum':1,'allOf':[{'multipleOf':2}]} | 3 | multipleOf"
      })
  void comparesNumbersAsTheyAre(String schema, String number, String keyword) throws Exception {
    for (String wrapped :
        List.of(
            "%s",
            "{'anyOf':[%s]}",
            "{'$ref':'#/$defs/a','$defs':{'a':%s}}",
            "{'not':{'not':{'allOf':[{}]}},'oneOf':[false,%s]}")) {
      CompiledSchema compiled = compile(wrapped.formatted(schema).replace('\'', '"'));
      List<Violation> violations = compiled.validate(DECIMALS.readTree(number));
      if (keyword == null) {
        assertThat(violations).as(wrapped).isEmpty();
      } else {
        assertThat(violations).as(wrapped).extracting(Violation::keyword).contains(keyword);
      }
    }
  }

  @Test
  void comparesNumbersAsTheyAreInDraft4Too() throws Exception {
    CompiledSchema schema =
        compile(
            """
            {"$schema":"http://json-schema.org/draft-04/schema#",
             "type":["integer","number"],"minimum":1,"exclusiveMinimum":true}
            """);

    assertThat(schema.validate(DECIMALS.readTree("1"))).hasSize(1);
    assertThat(schema.validate(DECIMALS.readTree("1e99"))).isEmpty();
    assertThat(schema.validate(DECIMALS.readTree("1.5"))).isEmpty();
  }

  @Test
  void leavesValuesAsTheyAreThatOnlyLookLikeSchemas() throws Exception {
    CompiledSchema schema =
        compile(
            """
            {"properties":{"const":{"type":"integer","minimum":1},
                           "a":{"const":{"type":"integer","minimum":1}},
                           "b":{"enum":[{"type":"integer","maximum":1}]}}}
            """);

    assertThat(
            schema.validate(
                json(
                    "{'const':1,'a':{'type':'integer','minimum':1},"
                        + "'b':{'type':'integer','maximum':1}}")))
        .isEmpty();
    assertThat(schema.validate(json("{'const':0}"))).hasSize(1);
  }

  @Test
  void followsReferencesInsideTheDocumentAndUnevaluatedProperties() throws Exception {
    CompiledSchema schema =
        compile(
            """
            {"$id":"https://schemas.example/x","allOf":[{"$ref":"#/$defs/named"}],
             "unevaluatedProperties":false,
             "$defs":{"named":{"properties":{"name":{"type":"string"},"child":{"$ref":"#"}}}}}
            """);

    assertThat(schema.validate(json("{'name':'a','child':{'name':'b'}}"))).isEmpty();
    assertThat(schema.validate(json("{'name':'a','child':{'name':1}}"))).isNotEmpty();
    assertThat(schema.validate(json("{'other':1}"))).hasSize(1);
  }

  @Test
  void letsTwoSchemasClaimTheSameId() throws Exception {
    CompiledSchema one = compile("{\"$id\":\"https://schemas.example/x\",\"type\":\"string\"}");
    CompiledSchema two = compile("{\"$id\":\"https://schemas.example/x\",\"type\":\"number\"}");

    assertThat(one.validate(json("1"))).hasSize(1);
    assertThat(two.validate(json("1"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:1/x.json",
        "https://json-schema.org/draft/2020-12/schema",
        "file:///etc/passwd",
        "jar:file:///x.jar!/y",
        "classpath:draft-07/schema",
        "resource:/x",
        "other.json",
        "//127.0.0.1/x",
        "cart.viewed.json#/properties/sku"
      })
  void refusesReferencesThatLeaveTheDocument(String target) {
    for (String keyword : List.of("$ref", "$dynamicRef", "$recursiveRef")) {
      assertRejected(
          "{\"properties\":{\"a\":{\"" + keyword + "\":\"" + target + "\"}}}",
          Reason.REMOTE_REFERENCE);
    }
  }

  @Test
  void refusesAReferenceToNothing() {
    assertRejected("{\"$ref\":\"#/$defs/missing\"}", Reason.INVALID);
    assertRejected("{\"properties\":{\"a\":{\"$ref\":\"#/$defs/missing\"}}}", Reason.INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(?=a)b", "(a)\\\\1", "((a{1000}){1000}){1000}", "(a{100}){100}", "[z-a]", "("})
  void refusesPatternsThatAreNotLinearOrNotPatterns(String pattern) {
    for (String schema :
        List.of(
            "{\"pattern\":\"%s\"}",
            "{\"properties\":{\"a\":{\"pattern\":\"%s\"}}}",
            "{\"patternProperties\":{\"%s\":true}}",
            "{\"propertyNames\":{\"pattern\":\"%s\"}}")) {
      assertRejected(schema.formatted(pattern), Reason.UNSUPPORTED_PATTERN);
    }
  }

  @Test
  void matchesTheClassicCatastrophicPatternInLinearTime() throws Exception {
    CompiledSchema schema = compile("{\"pattern\":\"^(a+)+$\"}");
    JsonNode hostile = JSON.stringNode("a".repeat(5_000) + "!");
    long start = cpuNanos();

    assertThat(schema.validate(hostile)).hasSize(1);
    assertThat(Duration.ofNanos(cpuNanos() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void searchesPatternsUnanchoredAndTakesTheEndLiterally() throws Exception {
    CompiledSchema schema = compile("{\"pattern\":\"b$\"}");

    assertThat(schema.validate(json("'ab'"))).isEmpty();
    assertThat(schema.validate(JSON.stringNode("ab\n"))).hasSize(1);
  }

  @Test
  void refusesWhatIsTooLargeTooDeepOrRefersTooOften() {
    assertRejected("{\"title\":\"" + "x".repeat(65_536) + "\"}", Reason.TOO_LARGE);
    assertRejected("{\"not\":".repeat(20) + "{}" + "}".repeat(20), Reason.TOO_DEEP);
    assertRejected(
        "{\"allOf\":["
            + "{\"$ref\":\"#/$defs/a\"},".repeat(100)
            + "{\"$ref\":\"#/$defs/a\"}],\"$defs\":{\"a\":{}}}",
        Reason.TOO_MANY_REFERENCES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"strin\"}",
        "{\"minimum\":\"1\"}",
        "{\"required\":\"sku\"}",
        "{\"properties\":[]}",
        "true",
        "[]"
      })
  void refusesWhatIsNoSchema(String document) {
    assertRejected(document, Reason.INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://json-schema.org/draft/2020-12/schema",
        "https://json-schema.org/draft/2019-09/schema",
        "http://json-schema.org/draft-07/schema#",
        "http://json-schema.org/draft-06/schema#",
        "http://json-schema.org/draft-04/schema#"
      })
  void takesTheFiveDialects(String dialect) throws Exception {
    CompiledSchema schema = compile("{\"$schema\":\"" + dialect + "\",\"type\":\"string\"}");

    assertThat(schema.validate(json("1"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$schema\":\"https://example.org/mine\"}",
        "{\"$schema\":1}",
        "{\"properties\":{\"a\":{\"$schema\":\"http://127.0.0.1:1/x\"}}}"
      })
  void refusesOtherDialectsAtAnyDepth(String document) {
    assertRejected(document, Reason.UNSUPPORTED_DIALECT);
  }

  @Test
  void endsAValidationThatWouldTakeExponentialTime() throws Exception {
    CompiledSchema schema =
        compile(
            """
            {"$ref":"#/$defs/n","$defs":{"n":{"anyOf":[
              {"properties":{"a":{"$ref":"#/$defs/n"}},"required":["x"]},
              {"properties":{"a":{"$ref":"#/$defs/n"}},"required":["y"]},
              {"properties":{"a":{"$ref":"#/$defs/n"}},"required":["z"]}]}}}
            """);
    JsonNode deep = json("{'a':".repeat(38) + "{}" + "}".repeat(38));
    long start = cpuNanos();

    assertThat(schema.validate(deep)).isNotEmpty();
    assertThat(Duration.ofNanos(cpuNanos() - start)).isLessThan(Duration.ofSeconds(10));
  }

  /** Of this thread, so that a busy machine does not fail a test. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void assertRejected(String document, Reason reason) {
    assertThatThrownBy(() -> compile(document))
        .as(document.substring(0, Math.min(100, document.length())))
        .isInstanceOfSatisfying(
            SchemaRejectedException.class,
            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  private static CompiledSchema compile(String document) throws SchemaRejectedException {
    return CompiledSchema.compile(1, "cart.item_added", 1, JSON.readTree(document));
  }

  private static JsonNode json(String text) {
    return JSON.readTree(text.replace('\'', '"'));
  }
}
