package io.eventpipeline.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.EventLimits;
import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.job.TestEvents;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventDecoderTest {
  private static final String DATA =
      "{\"sku\":\"SKU-1\",\"quantity\":2,\"unit_price\":19.90,\"currency\":\"EUR\"}";
  private static final String VALID =
      "{\"specversion\":\"1.0\",\"id\":\"i-1\",\"source\":\"/shop/web\",\"type\":\"cart.item_added\","
          + "\"time\":\"2026-11-20T10:00:00.123456+01:00\",\"dataschema\":\"schema:cart.item_added/7\","
          + "\"storeid\":\"store-1\",\"userid\":\"u-42\",\"sessionid\":\"s-9\",\"cartid\":\"c-7\",\"data\":"
          + DATA
          + "}";

  @Test
  void readsEveryAttributeAndFindsTheData() {
    Event event = TestEvents.event(VALID);

    assertThat(event.id()).isEqualTo("i-1");
    assertThat(event.source()).isEqualTo("/shop/web");
    assertThat(event.type()).isEqualTo("cart.item_added");
    assertThat(event.schemaVersion()).isEqualTo(7);
    assertThat(event.timeMicros())
        .isEqualTo(Instant.parse("2026-11-20T09:00:00Z").toEpochMilli() * 1_000 + 123_456);
    assertThat(event.storeId()).isEqualTo("store-1");
    assertThat(event.userId()).isEqualTo("u-42");
    assertThat(event.sessionId()).isEqualTo("s-9");
    assertThat(event.cartId()).isEqualTo("c-7");
    assertThat(event.receivedAtMicros()).isEqualTo(TestEvents.RECEIVED_MICROS);
    assertThat(event.partition()).isEqualTo(3);
    assertThat(event.offset()).isEqualTo(17);
    assertThat(new String(event.payload(), StandardCharsets.UTF_8)).isEqualTo(VALID);
    assertThat(data(event)).isEqualTo(DATA);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " {\"a\":[1,2,{\"b\":\"}\"}]} ",
        "\"te\\\"xt ü\"",
        "12.50",
        "-0",
        "true",
        "[1,[2]]",
        "[]"
      })
  void findsTheDataWhateverItIs(String value) {
    for (String after : new String[] {"}", " }", ",\"x\":1}", " , \"x\" : {} } \n"}) {
      Event event =
          TestEvents.event(VALID.replace("\"data\":" + DATA + "}", "\"data\":" + value + after));

      assertThat(data(event)).isEqualTo(value.strip());
    }
  }

  @Test
  void takesTheTimeOfReceiptForAnAbsentTimeAndTheNewestVersionForAnAbsentSchema() {
    Event event =
        TestEvents.event(
            VALID
                .replace("\"time\":\"2026-11-20T10:00:00.123456+01:00\",", "\"time\":null,")
                .replace("\"dataschema\":\"schema:cart.item_added/7\",", ""));

    assertThat(event.timeMicros()).isEqualTo(TestEvents.RECEIVED_MICROS);
    assertThat(event.schemaVersion()).isZero();
  }

  @Test
  void clampsEventTimeAroundTheTimeOfReceipt() {
    Event past = TestEvents.event(VALID.replace("2026-11-20T10", "0001-01-01T10"));
    Event future = TestEvents.event(VALID.replace("2026-11-20T10", "9999-12-31T10"));

    assertThat(TestEvents.RECEIVED_MICROS - past.timeMicros())
        .isEqualTo(EventLimits.PAST_MAX.toMillis() * 1_000);
    assertThat(future.timeMicros() - TestEvents.RECEIVED_MICROS)
        .isEqualTo(EventLimits.FUTURE_MAX.toMillis() * 1_000);
  }

  @ParameterizedTest
  @CsvSource({
    "schema:cart.item_added/12, 12",
    "https://schemas.example/v/cart.item_added/3, 3",
    "urn:x:y/cart.item_added/1, 1"
  })
  void readsTheVersionOutOfAnyDataSchema(String uri, int version) {
    assertThat(TestEvents.event(VALID.replace("schema:cart.item_added/7", uri)).schemaVersion())
        .isEqualTo(version);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schema:cart.item_removed/7",
        "schema:cart.item_added/0",
        "schema:cart.item_added/x",
        "schema:cart.item_added/",
        "schema:cart.item_added",
        "cart.item_added/7",
        "/cart.item_added/7",
        "schema:cart.item_added/65536",
        "schema:cart.item_added/99999999999"
      })
  void refusesADataSchemaThatNamesNoVersionOfTheType(String uri) {
    refuses(VALID.replace("schema:cart.item_added/7", uri), FailureReason.INVALID_ATTRIBUTE, uri);
  }

  @Test
  void refusesWhatHasNoContent() {
    assertThat(TestEvents.decode(null).refused()).isEqualTo(FailureReason.EMPTY_PAYLOAD);
    assertThat(TestEvents.decode(null).detail()).isEqualTo("a record without a value");
    assertThat(TestEvents.decode(new byte[0]).refused()).isEqualTo(FailureReason.EMPTY_PAYLOAD);
    refuses(" \n\t ", FailureReason.EMPTY_PAYLOAD, "white space");
  }

  @Test
  void refusesEveryTruncation() {
    byte[] whole = TestEvents.bytes(VALID);
    for (int length = 1; length < whole.length; length++) {
      Decoded decoded = TestEvents.decode(Arrays.copyOf(whole, length));

      assertThat(decoded.refused()).as("%d bytes", length).isEqualTo(FailureReason.MALFORMED_JSON);
      assertThat(decoded.detail()).startsWith("at byte ");
      assertThat(decoded.event().payload()).hasSize(length);
    }
  }

  @Test
  void refusesOtherEncodings() {
    byte[] latin = VALID.replace("SKU-1", "Schlüssel").getBytes(StandardCharsets.ISO_8859_1);
    byte[][] wrong = {
      latin,
      VALID.getBytes(StandardCharsets.UTF_16),
      VALID.getBytes(StandardCharsets.UTF_16BE),
      VALID.getBytes(StandardCharsets.UTF_16LE),
      VALID.getBytes(java.nio.charset.Charset.forName("UTF-32BE")),
      VALID.getBytes(java.nio.charset.Charset.forName("UTF-32LE")),
      TestEvents.bytes("\ufeff" + VALID),
      {'{', (byte) 0xC0, (byte) 0x80, '}'},
      TestEvents.bytes(VALID.replace("SKU-1", "\\ud83d")),
      TestEvents.bytes(VALID.replace("SKU-1", "\\ude00\\ud83d")),
    };
    for (byte[] value : wrong) {
      Decoded decoded = TestEvents.decode(value);
      assertThat(decoded.refused()).as(decoded.detail()).isEqualTo(FailureReason.INVALID_ENCODING);
    }
    assertThat(TestEvents.decode(latin).detail())
        .contains("byte " + new String(latin, StandardCharsets.ISO_8859_1).indexOf('ü'))
        .contains("0xFC");
    assertThat(TestEvents.event(VALID.replace("SKU-1", "\\ud83d\\ude00 \\\\ud83d")).id())
        .isEqualTo("i-1");
  }

  @Test
  void refusesNineHundredKilobytesOfNoise() {
    byte[] noise = new byte[900_000];
    new Random(1).nextBytes(noise);

    assertThat(TestEvents.decode(noise).refused()).isEqualTo(FailureReason.INVALID_ENCODING);

    Arrays.fill(noise, (byte) '[');
    assertThat(TestEvents.decode(noise).refused()).isEqualTo(FailureReason.NOT_AN_OBJECT);
    byte[] deep = TestEvents.bytes("{\"data\":" + "[".repeat(900_000));
    assertThat(TestEvents.decode(deep).refused()).isEqualTo(FailureReason.NESTING_TOO_DEEP);
  }

  @Test
  void countsNestingFromTheEnvelope() {
    String deepest = VALID.replace(DATA, "[".repeat(39) + "]".repeat(39));
    String tooDeep = VALID.replace(DATA, "[".repeat(40) + "]".repeat(40));
    String tooDeepObjects = VALID.replace(DATA, "{\"a\":".repeat(40) + "1" + "}".repeat(40));

    assertThat(TestEvents.event(deepest).id()).isEqualTo("i-1");
    refuses(tooDeep, FailureReason.NESTING_TOO_DEEP, "40 levels at byte");
    refuses(tooDeepObjects, FailureReason.NESTING_TOO_DEEP, "40 levels at byte");
  }

  @Test
  void refusesDuplicateKeysAtAnyDepthWithEscapesResolved() {
    refuses(VALID.replace("\"id\":", "\"id\":\"x\",\"id\":"), FailureReason.DUPLICATE_KEY, "/id");
    refuses(
        VALID.replace("\"id\":", "\"\\u0069d\":\"x\",\"id\":"), FailureReason.DUPLICATE_KEY, "/id");
    refuses(
        VALID.replace(DATA, "{\"a\":[{\"k\":1,\"\\u006b\":2}]}"),
        FailureReason.DUPLICATE_KEY,
        "/data/a/0/k");
    assertThat(
            TestEvents.event(VALID.replace(DATA, "{\"a\":[{\"k\":1},{\"k\":2}],\"k\":{\"a\":1}}"))
                .id())
        .isEqualTo("i-1");
  }

  @Test
  void findsADuplicateAmongManyKeys() {
    StringBuilder many = new StringBuilder("{");
    for (int i = 0; i < 10_000; i++) {
      many.append("\"k").append(i).append("\":0,");
    }

    assertThat(TestEvents.event(VALID.replace(DATA, many + "\"last\":0}")).id()).isEqualTo("i-1");
    refuses(VALID.replace(DATA, many + "\"k3\":0}"), FailureReason.DUPLICATE_KEY, "/data/k3");
    refuses(VALID.replace(DATA, many + "\"k9999\":0}"), FailureReason.DUPLICATE_KEY, "/data/k9999");
  }

  @ParameterizedTest
  @CsvSource({
    "specversion, \"specversion\":\"1.0\"",
    "id, \"id\":\"i-1\"",
    "source, \"source\":\"/shop/web\"",
    "type, \"type\":\"cart.item_added\"",
    "storeid, \"storeid\":\"store-1\""
  })
  void refusesAMissingAttribute(String name, String member) {
    String missing = name + " is missing or empty";
    refuses(VALID.replace(member, "\"x\":1"), FailureReason.MISSING_ATTRIBUTE, missing);
    refuses(
        VALID.replace(member, "\"" + name + "\":\"\""), FailureReason.MISSING_ATTRIBUTE, missing);
    refuses(
        VALID.replace(member, "\"" + name + "\":null"), FailureReason.MISSING_ATTRIBUTE, missing);
    refuses(
        VALID.replace(member, "\"" + name + "\":[1]"),
        FailureReason.INVALID_ATTRIBUTE,
        name + " must be a string, was array");
    refuses(
        VALID.replace(member, "\"" + name + "\":12"),
        FailureReason.INVALID_ATTRIBUTE,
        name + " must be a string, was number");
  }

  @Test
  void refusesOtherFaultsOfAttributes() {
    refuses(VALID.replace("\"data\":", "\"dat\":"), FailureReason.MISSING_ATTRIBUTE, "data");
    refuses(VALID.replace(DATA, "null"), FailureReason.MISSING_ATTRIBUTE, "data");
    refuses(VALID.replace("\"1.0\"", "\"0.3\""), FailureReason.INVALID_ATTRIBUTE, "0.3");
    refuses(VALID.replace("i-1", "a\\u0000b"), FailureReason.INVALID_ATTRIBUTE, "id holds U+0000");
    refuses(VALID.replace("i-1", "x".repeat(513)), FailureReason.INVALID_ATTRIBUTE, "id has 513");
    refuses(
        VALID.replace("T10:00:00", " 10:00:00"), FailureReason.INVALID_ATTRIBUTE, "time is not");
    refuses(
        VALID.replace("\"cartid\"", "\"enrichment\""),
        FailureReason.INVALID_ATTRIBUTE,
        "enrichment is reserved");
    refuses(
        VALID.replace("\"cartid\"", "\"data_base64\""),
        FailureReason.INVALID_ATTRIBUTE,
        "data_base64 is not taken");
  }

  @Test
  void refusesMoreOrLessThanOneObject() {
    refuses(VALID + "{}", FailureReason.MALFORMED_JSON, "more than one JSON value");
    refuses(VALID + "x", FailureReason.MALFORMED_JSON, "at byte");
    refuses("[" + VALID + "]", FailureReason.NOT_AN_OBJECT, "array");
    refuses("\"text\"", FailureReason.NOT_AN_OBJECT, "string");
    refuses("12", FailureReason.NOT_AN_OBJECT, "number");
    refuses("null", FailureReason.NOT_AN_OBJECT, "null");
    refuses("NaN", FailureReason.MALFORMED_JSON, "at byte");
  }

  @Test
  void keepsWhatItUnderstoodOfARefusedEvent() {
    Event event =
        TestEvents.decode(TestEvents.bytes(VALID.replace("\"data\":" + DATA, "\"x\":1"))).event();

    assertThat(event.id()).isEqualTo("i-1");
    assertThat(event.storeId()).isEqualTo("store-1");
    assertThat(event.offset()).isEqualTo(17);
  }

  @Test
  void isReusedFromEventToEvent() {
    EventDecoder decoder = new EventDecoder();
    byte[] refused = TestEvents.bytes("{\"id\":\"a\",\"data\":{\"k\":[{\"z\":1");
    for (int i = 0; i < 3; i++) {
      assertThat(decoder.decode(refused, 0, 0, 0).refused()).isNotNull();
      assertThat(decoder.decode(TestEvents.bytes(VALID), 0, 0, 0).refused()).isNull();
    }
  }

  private static void refuses(String json, FailureReason reason, String detail) {
    Decoded decoded = TestEvents.decode(TestEvents.bytes(json));

    assertThat(decoded.refused()).as("%s of %.200s", decoded.detail(), json).isEqualTo(reason);
    assertThat(decoded.detail()).contains(detail);
    assertThat(decoded.event().payload()).isEqualTo(TestEvents.bytes(json));
    assertThat(decoded.event().partition()).isEqualTo(3);
    assertThat(decoded.event().offset()).isEqualTo(17);
  }

  private static String data(Event event) {
    return new String(
        event.payload(), event.dataStart(), event.dataLength(), StandardCharsets.UTF_8);
  }
}
