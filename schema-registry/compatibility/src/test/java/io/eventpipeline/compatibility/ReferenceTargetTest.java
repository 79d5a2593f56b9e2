package io.eventpipeline.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.compatibility.schema.UnusableSchemaException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Where a reference leads when two places could be meant: the checker reads it as the validator
 * does, or refuses to say; never as the other place. In every schema here {@code x} is a string for
 * the validator, and an integer for who takes the wrong place.
 */
class ReferenceTargetTest {
  private static final CompatibilityChecker CHECKER = new CompatibilityChecker(Limits.DEFAULT);

  private static final JsonNode STRING = json("{'properties':{'x':{'type':'string'}}}");
  private static final JsonNode INTEGER = json("{'properties':{'x':{'type':'integer'}}}");
  private static final List<JsonNode> VALUES =
      List.of(json("{'x':'s'}"), json("{'x':1}"), json("{'x':{}}"), json("{}"));

  private static final String DRAFT_4 = "'$schema':'http://json-schema.org/draft-04/schema#',";
  private static final String DRAFT_7 = "'$schema':'http://json-schema.org/draft-07/schema#',";
  private static final String AT = "'$id':'http://e.example/a/root',";

  private static JsonNode json(String text) {
    return Row.MAPPER.readTree(text.replace('\'', '"'));
  }

  private static Arguments is(String name, String schema) {
    return Arguments.of(name, json(schema));
  }

  private static Stream<Arguments> schemas() {
    String strings = "{'type':'string'}";
    String integers = "{'type':'integer'}";
    return Stream.of(
        is(
            "a pointer begins at the schema with an $id around it",
            "{"
                + AT
                + "'properties':{'x':{'$id':'inner','$ref':'#/$defs/a','$defs':{'a':"
                + strings
                + "}}},'$defs':{'a':"
                + integers
                + "}}"),
        is(
            "# is the schema with an $id around it",
            "{"
                + AT
                + "'properties':{'x':{'$ref':'inner#/$defs/k'}},'$defs':{'i':"
                + "{'$id':'inner','type':'string','$defs':{'k':{'$ref':'#'}}}}}"),
        is(
            "up to draft 7 an $id beside $ref is none",
            "{"
                + DRAFT_7
                + AT
                + "'properties':{'x':{'$id':'inner','$ref':'#/definitions/a','definitions':{'a':"
                + integers
                + "}}},'definitions':{'a':"
                + strings
                + "}}"),
        is(
            "nor an id of draft 4",
            "{"
                + DRAFT_4
                + "'id':'http://e.example/a/root','properties':{'x':"
                + "{'id':'inner','$ref':'#/definitions/a','definitions':{'a':"
                + integers
                + "}}},'definitions':{'a':"
                + strings
                + "}}"),
        is(
            "a relative $id goes by the one around it",
            "{"
                + AT
                + "'properties':{'x':{'$ref':'sub/b'}},'$defs':{"
                + "'a':{'$id':'/sub/b','type':'integer'},"
                + "'b':{'$id':'sub/b','type':'string'}}}"),
        is(
            "and is found by its whole address",
            "{"
                + AT
                + "'properties':{'x':{'$ref':'http://e.example/a/sub/b'}},"
                + "'$defs':{'b':{'$id':'sub/b','type':'string'}}}"),
        is(
            "a reference, too",
            "{"
                + AT
                + "'properties':{'x':{'$id':'sub/x','$ref':'b'}},'$defs':{"
                + "'a':{'$id':'b','type':'integer'},'b':{'$id':'sub/b','type':'string'}}}"),
        is(
            "by its whole address",
            "{"
                + AT
                + "'properties':{'x':{'$ref':'http://e.example/a/root#/$defs/a'}},'$defs':{'a':"
                + strings
                + "}}"),
        is(
            "an anchor is of its own schema",
            "{"
                + AT
                + "'properties':{'x':{'$ref':'#n'}},'$defs':{"
                + "'a':{'$id':'inner','$defs':{'m':{'$anchor':'n','type':'integer'}}},"
                + "'b':{'$anchor':'n','type':'string'}}}"),
        is(
            "also of one that is named",
            "{"
                + AT
                + "'properties':{'x':{'$ref':'inner#n'}},'$defs':{"
                + "'b':{'$anchor':'n','type':'integer'},"
                + "'a':{'$id':'inner','$defs':{'m':{'$anchor':'n','type':'string'}}}}}"),
        is(
            "beside an $id, too",
            "{"
                + AT
                + "'properties':{'x':{'$ref':'inner#n'}},'$defs':{"
                + "'b':{'$anchor':'n','type':'integer'},"
                + "'a':{'$id':'inner','$anchor':'n','type':'string'}}}"),
        is(
            "an anchor of draft 7",
            "{"
                + DRAFT_7
                + "'properties':{'x':{'$ref':'#n'}},"
                + "'definitions':{'a':{'$id':'#n','type':'string'},'n':"
                + integers
                + "}}"),
        is(
            "/ and ~ in a name",
            "{'properties':{'x':{'$ref':'#/$defs/a~1~0b'}},'$defs':{'a/~b':"
                + strings
                + ",'a':{'~b':"
                + integers
                + "},'a~1~0b':"
                + integers
                + "}}"),
        is(
            "percent-encoded",
            "{'properties':{'x':{'$ref':'#/$defs/a%25%20%C3%A4'}},'$defs':{'a% \u00e4':"
                + strings
                + ",'a%+\u00e4':"
                + integers
                + "}}"),
        is(
            "what is data has no address",
            "{"
                + AT
                + "'examples':[{'$id':'other','type':'integer'}],"
                + "'default':{'$id':'other','type':'integer'},'properties':{'x':{'$ref':'other'}},"
                + "'$defs':{'a':{'$id':'other','type':'string'}}}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("schemas")
  void isWhatTheValidatorTakes(String name, JsonNode schema) throws Exception {
    for (JsonNode value : VALUES) {
      assertThat(new Oracle(schema).accepts(value))
          .as("%s, for the validator: %s", name, value)
          .isEqualTo(new Oracle(STRING).accepts(value));
    }

    assertThat(follows(schema, STRING)).isTrue();
    assertThat(follows(STRING, schema)).isTrue();
    assertThat(follows(schema, INTEGER)).isFalse();
    assertThat(follows(INTEGER, schema)).isFalse();
  }

  /** Where validators disagree, or only the way to the value tells. */
  private static Stream<Arguments> unclear() {
    return Stream.of(
        is(
            "+ beside a percent sign, a space for this validator",
            "{'properties':{'x':{'$ref':'#/$defs/a+%C3%A4'}},'$defs':{"
                + "'a \u00e4':{'type':'string'},'a+\u00e4':{'type':'integer'}}}"),
        is(
            "the name as it stands, for this validator, or decoded, by the specification",
            "{'properties':{'x':{'$ref':'#/$defs/a%25b'}},'$defs':{"
                + "'a%25b':{'type':'string'},'a%b':{'type':'integer'}}}"),
        is(
            "a schema of another draft, in which the integer beside $ref does not count",
            "{'properties':{'x':{"
                + DRAFT_7
                + "'allOf':[{'$ref':'#/definitions/a','type':'integer'}]}},"
                + "'definitions':{'a':{'type':'string'}}}"),
        is(
            "a recursive reference with an anchor",
            "{'$schema':'https://json-schema.org/draft/2019-09/schema',"
                + AT
                + "'$recursiveAnchor':true,'anyOf':[{'type':'string'},"
                + "{'$ref':'list','type':'object'}],'$defs':{'l':{'$id':'list',"
                + "'$recursiveAnchor':true,'type':['object','integer'],"
                + "'properties':{'x':{'$recursiveRef':'#','type':['integer','string']}}}}}"),
        is(
            "a reference of each kind beside each other",
            "{'properties':{'x':{'$ref':'#/$defs/a','$dynamicRef':'#n'}},"
                + "'$defs':{'a':{'type':'string'},'b':{'$dynamicAnchor':'n'}}}"),
        is(
            "a dynamic reference to one of two",
            "{'$id':'http://e.example/root','$ref':'list','$defs':{"
                + "'x':{'$dynamicAnchor':'node','type':'string'},"
                + "'list':{'$id':'list','properties':{'x':{'$dynamicRef':'#node'}},"
                + "'$defs':{'n':{'$dynamicAnchor':'node','type':'integer'}}}}}"),
        is(
            "by an address",
            "{'$id':'http://e.example/root','$ref':'list','$defs':{"
                + "'x':{'$dynamicAnchor':'node','type':'string'},"
                + "'list':{'$id':'list','properties':{'x':{'$dynamicRef':'list#node'}},"
                + "'$defs':{'n':{'$dynamicAnchor':'node','type':'integer'}}}}}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unclear")
  void isNotGuessed(String name, JsonNode schema) throws Exception {
    assertThat(new Oracle(schema).accepts(json("{'x':'s'}"))).as(name).isTrue();
    assertThat(new Oracle(schema).accepts(json("{'x':1}"))).as(name).isFalse();

    assertThat(follows(schema, INTEGER)).isFalse();
    assertThat(follows(INTEGER, schema)).isFalse();
  }

  /** Whether the second may follow the first, by what the checker can say. */
  private static boolean follows(JsonNode before, JsonNode after) {
    try {
      return CHECKER
          .check(
              new Version("2", after, Map.of()),
              List.of(new Version("1", before, Map.of())),
              Mode.BACKWARD,
              Policy.STRICT)
          .compatible();
    } catch (UnusableSchemaException e) {
      return false;
    }
  }
}
