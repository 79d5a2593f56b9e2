package io.eventpipeline.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.edge.event.EventParser;
import io.eventpipeline.edge.event.ParsedEvent;
import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryModeTest {
  private final EventParser parser = new EventParser();

  @Test
  void putsTheAttributesAroundTheUntouchedBody() {
    ParsedEvent event =
        parse(
            headers().add("CE-CartId", "c-7").add("x-other", "1").add("ce-x1", "a%0Ab"),
            "\r\n{ } ");

    assertThat(event.detail()).isNull();
    assertThat(new String(event.bytes(), event.from(), event.to() - event.from(), UTF_8))
        .isEqualTo(
            "{\"datacontenttype\":\"application/json\",\"specversion\":\"1.0\",\"type\":\"a\","
                + "\"cartid\":\"c-7\",\"x1\":\"a\\u000ab\",\"data\":\r\n{ } }");
    assertThat(event.group()).isEqualTo("c-7");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "plain, plain",
        "a b, a b",
        "Euro%20%E2%82%AC%20%F0%9F%98%80, Euro \u20ac \ud83d\ude00",
        "%e2%82%ac, \u20ac",
        "100%2525, 100%25",
        "a+b, a+b",
        "\"quoted\", quoted",
        "\"a\\\"b\\\\c%25\", a\"b\\c%",
        "\", \"",
        "a\"b\", a\"b\"",
        "``, ``"
      })
  void decodesAValueOnce(String value, String text) {
    assertThat(BinaryMode.decode(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%",
        "50%",
        "%2",
        "%zz",
        "%E2%82",
        "%C0%AF",
        "%ED%A0%80",
        "\u00e4",
        "a\tb",
        "\u007f"
      })
  void refusesAValueThatIsNotPercentEncodedUtf8(String value) {
    ParsedEvent event = parse(headers().add("ce-subject", value), "{}");

    assertThat(event.refusal()).isEqualTo(FailureReason.INVALID_ATTRIBUTE);
    assertThat(event.detail()).contains("ce-subject");
  }

  @ParameterizedTest
  @CsvSource({
    "ce-, 1, INVALID_ATTRIBUTE",
    "ce-store_id, 1, INVALID_ATTRIBUTE",
    "ce-subject, a%00, INVALID_ATTRIBUTE",
    "ce-time, yesterday, INVALID_ATTRIBUTE",
    "ce-dataschema, schema:b/1, INVALID_ATTRIBUTE",
    "ce-enrichment, 1, INVALID_ATTRIBUTE",
    "ce-type, a, DUPLICATE_KEY",
    "ce-data, 1, DUPLICATE_KEY",
    "ce-datacontenttype, application/json, DUPLICATE_KEY"
  })
  void holdsHeadersToWhatMembersAreHeldTo(String name, String value, FailureReason reason) {
    assertThat(parse(headers().add(name, value), "{}").refusal()).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''| MISSING_ATTRIBUTE",
        "' \t'| MISSING_ATTRIBUTE",
        "null| MISSING_ATTRIBUTE",
        "[1]| SCHEMA_VIOLATION",
        "{| MALFORMED_JSON",
        "{}}| MALFORMED_JSON",
        "{} {}| MALFORMED_JSON",
        "{}}{| MALFORMED_JSON",
        "{},\"userid\":\"u\"| MALFORMED_JSON",
        "{},\"x\":{}| MALFORMED_JSON",
        "{},\"data\":{}| DUPLICATE_KEY",
        "{\"a\":1,\"a\":1}| DUPLICATE_KEY"
      })
  void takesABodyThatIsExactlyOneObject(String body, FailureReason reason) {
    ParsedEvent event = parse(headers(), body);

    assertThat(event.refusal()).as("%s", event.detail()).isEqualTo(reason);
  }

  @Test
  void needsTheTypeAndTheVersionOfCloudEvents() {
    MultiMap old =
        MultiMap.caseInsensitiveMultiMap()
            .add("content-type", "application/json")
            .add("ce-type", "a")
            .add("ce-specversion", "0.3");

    assertThat(parse(headers().remove("ce-type"), "{}").refusal())
        .isEqualTo(FailureReason.MISSING_ATTRIBUTE);
    assertThat(parse(old, "{}").refusal()).isEqualTo(FailureReason.INVALID_ATTRIBUTE);
  }

  private ParsedEvent parse(MultiMap headers, String body) {
    byte[] bytes = (body + "rest of a longer array").getBytes(UTF_8);
    return BinaryMode.parse(headers, bytes, body.getBytes(UTF_8).length, parser);
  }

  private static MultiMap headers() {
    return MultiMap.caseInsensitiveMultiMap()
        .add("content-type", "application/json")
        .add("ce-specversion", "1.0")
        .add("ce-type", "a");
  }
}
