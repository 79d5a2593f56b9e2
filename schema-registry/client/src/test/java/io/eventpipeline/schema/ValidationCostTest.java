package io.eventpipeline.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.schema.SchemaRejectedException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Small schemas that cost every event much, or never end. */
class ValidationCostTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParameterizedTest
  @ValueSource(strings = {"allOf", "anyOf", "oneOf"})
  void refusesDefinitionsThatUnfoldWithoutEnd(String keyword) throws Exception {
    assertThat(compile(bomb(keyword, 8)).validate(JSON.readTree("1"))).isNotEmpty();
    refuses(bomb(keyword, 20), Reason.TOO_COSTLY);
    assertThatThrownBy(() -> compile(bomb(keyword, 49)))
        .isInstanceOf(SchemaRejectedException.class);
  }

  /** Each definition names the next one twice. */
  private static String bomb(String keyword, int levels) {
    StringBuilder schema = new StringBuilder("{\"$ref\":\"#/$defs/a0\",\"$defs\":{");
    for (int i = 0; i < levels; i++) {
      schema.append("\"a%d\":{\"%s\":[{\"$ref\":\"#/$defs/a%d\"},".formatted(i, keyword, i + 1));
      schema.append("{\"$ref\":\"#/$defs/a%d\"}]},".formatted(i + 1));
    }
    return schema.append("\"a%d\":{\"type\":\"string\"}}}".formatted(levels)).toString();
  }

  /** The definitions that count are those that the validator takes, however they are addressed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'$id':'http://e.example/r','properties':{'x':{'$id':'in',%s}}}",
        "{'$id':'http://e.example/r','$defs':{'a0':true},'properties':{'x':{'$id':'in',%s}}}",
        "{'$schema':'http://json-schema.org/draft-04/schema#','id':'http://e.example/r',"
            + "'properties':{'x':{'id':'in','allOf':[{'$ref':'#/$defs/a0'}],%d}}}"
      })
  void countsWhatReferencesLeadTo(String around) {
    String inner = bomb("allOf", 20);
    String schema =
        around
            .replace('\'', '"')
            .replace("%s", inner.substring(1, inner.length() - 1))
            .replace("%d", inner.substring(inner.indexOf("\"$defs\""), inner.length() - 1));

    refuses(schema, Reason.TOO_COSTLY);
  }

  @Test
  void doesNotTakeAnIdForAnAddressThatAReferenceHides() {
    String bomb = bomb("anyOf", 20).replace("{\"$ref\"", "{\"$id\":\"in\",\"$ref\"");

    refuses(
        "{\"$schema\":\"http://json-schema.org/draft-07/schema#\"," + bomb.substring(1),
        Reason.TOO_COSTLY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'$schema':'http://json-schema.org/draft-07/schema#', | {'$id':'http://e.example/l%d'}"
            + "| {'$id':'#b%d','allOf':[{'$ref':'#b%d'},{'$ref':'#b%d'}]}",
        "{ | {'$id':'http://e.example/l%d','$anchor':'b%d'}"
            + "| {'$anchor':'b%d','anyOf':[{'$ref':'#b%d'},{'$ref':'#b%d'}]}",
        "{ | {'$id':'http://e.example/l%d','$dynamicAnchor':'b%d'}"
            + "| {'$dynamicAnchor':'b%d','anyOf':[{'$dynamicRef':'#b%d'},{'$dynamicRef':'#b%d'}]}"
      })
  void countsWhatAnchorsLeadToBesideOthersOfTheName(String head, String light, String step) {
    StringBuilder schema = new StringBuilder(head).append("'$ref':'#b0','$defs':{'n':{}");
    for (int i = 0; i < 20; i++) {
      schema.append(",'l%d':%s".formatted(i, light.formatted(i, i)));
    }
    for (int i = 0; i < 20; i++) {
      schema.append(",'d%d':%s".formatted(i, step.formatted(i, i + 1, i + 1)));
    }
    String last = step.replaceFirst(",.*", "}").formatted(20);
    refuses(
        schema.append(",'d20':" + last + "}}").toString().replace('\'', '"'), Reason.TOO_COSTLY);
  }

  @Test
  void refusesACircleInASchemaWithAnAddressOfItsOwn() {
    refuses(
        "{'$id':'http://e.example/r','not':{'$id':'in','anyOf':[{'$ref':'#'}]}}".replace('\'', '"'),
        Reason.INVALID);
  }

  @Test
  void refusesReferencesThatNeverEnd() throws Exception {
    refuses("{\"$ref\":\"#\"}", Reason.INVALID);
    refuses("{\"allOf\":[{\"anyOf\":[{\"$ref\":\"#\"}]}]}", Reason.INVALID);
    refuses(
        "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"not\":{\"$ref\":\"#/$defs/a\"}}}}",
        Reason.INVALID);
    compile("{\"properties\":{\"a\":{\"$ref\":\"#\"}}}");
  }

  private static void refuses(String document, Reason reason) {
    assertThatThrownBy(() -> compile(document))
        .as(document)
        .isInstanceOfSatisfying(
            SchemaRejectedException.class,
            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  private static CompiledSchema compile(String document) throws SchemaRejectedException {
    return CompiledSchema.compile(1, "cart.item_added", 1, JSON.readTree(document));
  }
}
