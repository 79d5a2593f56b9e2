package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.registry.SelfContained.Part;
import io.eventpipeline.registry.store.Reference;
import io.eventpipeline.schema.CompiledSchema;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SelfContainedTest {
  private static final List<Reference> MONEY = List.of(new Reference("money.json", "money", 1));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://json-schema.org/draft/2020-12/schema",
        "https://json-schema.org/draft/2019-09/schema",
        "http://json-schema.org/draft-07/schema#",
        "http://json-schema.org/draft-06/schema#",
        "http://json-schema.org/draft-04/schema#"
      })
  void meansTheSameAsItsPartsInEveryDraft(String draft) throws Exception {
    String schema = "\"$schema\":\"" + draft + "\"";
    JsonNode whole =
        bundle(
            "{"
                + schema
                + ",\"type\":\"object\",\"properties\":{\"price\":{\"$ref\":\"money.json\"},"
                + "\"unit\":{\"$ref\":\"money.json#/definitions/unit\"},"
                + "\"again\":{\"$ref\":\"#\"},\"$ref\":{\"type\":\"string\"}}}",
            MONEY,
            Map.of(
                "money",
                part(
                    "{"
                        + schema
                        + ",\"$id\":\"urn:money\",\"id\":\"urn:money\","
                        + "\"definitions\":{\"unit\":{\"enum\":[\"EUR\"]}},\"type\":\"object\","
                        + "\"properties\":{\"unit\":{\"$ref\":\"#/definitions/unit\"},"
                        + "\"sub\":{\"$ref\":\"#\"}},\"required\":[\"unit\"]}")));
    CompiledSchema compiled = CompiledSchema.compile(1, "t", 1, whole);

    assertThat(whole.has("definitions")).isEqualTo(draft.contains("draft-0"));
    assertThat(compiled.validate(json("{\"price\":{\"unit\":\"EUR\",\"sub\":{\"unit\":\"EUR\"}}}")))
        .isEmpty();
    assertThat(compiled.validate(json("{\"again\":{\"unit\":\"EUR\",\"$ref\":\"x\"}}"))).isEmpty();
    for (String bad :
        List.of(
            "{\"price\":{}}",
            "{\"price\":{\"unit\":\"USD\"}}",
            "{\"price\":{\"unit\":\"EUR\",\"sub\":{}}}",
            "{\"unit\":\"USD\"}",
            "{\"again\":{\"unit\":1}}",
            "{\"again\":1}")) {
      assertThat(compiled.validate(json(bad))).as(bad).isNotEmpty();
    }
  }

  @Test
  void followsReferencesOfReferencesAndLeavesDataAlone() throws Exception {
    JsonNode whole =
        bundle(
            "{\"const\":{\"$ref\":\"money.json\"},\"not\":{\"$ref\":\"money.json\"}}",
            MONEY,
            Map.of(
                "money",
                new Part(
                    json("{\"$ref\":\"deep.json\"}"),
                    List.of(new Reference("deep.json", "deep", 3))),
                "deep",
                part("{\"type\":\"string\"}")));

    assertThat(whole)
        .isEqualTo(
            json(
                "{\"const\":{\"$ref\":\"money.json\"},\"not\":{\"$ref\":\"#/$defs/money:1\"},"
                    + "\"$defs\":{\"money:1\":{\"$ref\":\"#/$defs/deep:3\"},"
                    + "\"deep:3\":{\"type\":\"string\"}}}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$anchor\":\"a\"}",
        "{\"not\":{\"$id\":\"urn:x\"}}",
        "{\"$dynamicRef\":\"#a\"}",
        "{\"$ref\":\"#anchor\"}",
        "{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}"
      })
  void refusesPartsWhoseMeaningItWouldChange(String part) {
    assertThatThrownBy(
            () -> bundle("{\"$ref\":\"money.json\"}", MONEY, Map.of("money", part(part))))
        .isInstanceOf(Problem.class);
  }

  /** {@code const} is the name of a property here, and the reference's name has a fragment. */
  @Test
  void takesNamesForNoKeywordsAndTheWholeNameOfAReferenceFirst() {
    JsonNode whole =
        bundle(
            "{\"properties\":{\"const\":{\"$ref\":\"money#v1\"}}}",
            List.of(new Reference("money#v1", "money", 1)),
            Map.of("money", part("{\"type\":\"string\"}")));

    assertThat(whole.at("/properties/const/$ref").asString()).isEqualTo("#/$defs/money:1");
  }

  @Test
  void refusesAnAddressInsideOfAPartOfDraft4() {
    String draft = "{\"$schema\":\"http://json-schema.org/draft-04/schema#\",";
    assertThatThrownBy(
            () ->
                bundle(
                    draft + "\"$ref\":\"money.json\"}",
                    MONEY,
                    Map.of("money", part(draft + "\"not\":{\"id\":\"urn:x\"}}"))))
        .isInstanceOf(Problem.class);
  }

  @Test
  void refusesADefinitionOfTheNameThatItNeeds() {
    assertThatThrownBy(
            () ->
                bundle(
                    "{\"$ref\":\"money.json\",\"$defs\":{\"money:1\":{}}}",
                    MONEY,
                    Map.of("money", part("{}"))))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("money:1");
  }

  @Test
  void boundsReferencesAndWhatTheyReferToInTurn() {
    List<Reference> many = references(100);
    assertThat(SelfContained.checked(many)).isEqualTo(many);
    assertThatThrownBy(() -> SelfContained.checked(references(101))).isInstanceOf(Problem.class);
    assertThatThrownBy(
            () -> SelfContained.checked(List.of(MONEY.get(0), new Reference("money.json", "b", 1))))
        .isInstanceOf(Problem.class);
    assertThatThrownBy(
            () ->
                SelfContained.of(
                    new Part(json("{}"), List.of(new Reference("next", "chain", 1))),
                    reference -> {
                      assertThat(reference.version()).as("it ends").isLessThan(200);
                      return new Part(
                          json("{}"),
                          List.of(new Reference("next", "chain", reference.version() + 1)));
                    }))
        .isInstanceOf(Problem.class);
  }

  private static List<Reference> references(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Reference("r" + i, "t", 1)).toList();
  }

  @Test
  void leavesASchemaWithoutReferencesAsItIs() {
    JsonNode schema = json("{\"$anchor\":\"a\",\"$ref\":\"#a\"}");

    assertThat(bundle(schema.toString(), List.of(), Map.of())).isEqualTo(schema);
  }

  private static JsonNode bundle(
      String schema, List<Reference> references, Map<String, Part> others) {
    return SelfContained.of(
        new Part(json(schema), references), reference -> others.get(reference.type()));
  }

  private static Part part(String schema) {
    return new Part(json(schema), List.of());
  }

  private static JsonNode json(String text) {
    return JsonBody.JSON.readTree(text);
  }
}
