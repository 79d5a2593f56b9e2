package io.eventpipeline.edge.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.EventLimits;
import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.edge.event.ParsedEvent.Addable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventParserTest {
  private static final String MINIMAL = "{\"type\":\"cart.viewed\",\"data\":{}}";

  private final EventParser parser = new EventParser();

  static Stream<String> good() {
    return Stream.of(
        MINIMAL,
        " \r\n\t" + MINIMAL + "\n",
        event("\"data\":{\"a\":{\"a\":1},\"b\":{\"a\":1}}"),
        event("\"data\":{\"l\":[{\"a\":1},{\"a\":2}]}"),
        event("\"data\":{\"n\":[1e400,-0,9223372036854775808,0.1e-7]}"),
        event("\"data\":{\"n\":" + "9".repeat(1_000) + "}"),
        event("\"data\":{\"t\":\"\\u0000 \\ud83d\\ude00 \\\\ud800 \uD83D\uDE00 \u00e4 \u20ac\"}"),
        event("\"data\":{},\"userid\":null,\"cartid\":null,\"dataschema\":null"),
        event("\"data\":{},\"subject\":\"s\",\"datacontenttype\":\"application/json\""),
        event("\"data\":{},\"dataschema\":\"schema:cart.viewed/1\""),
        event("\"data\":{},\"dataschema\":\"schema:cart.viewed/65535\""),
        event("\"data\":{},\"dataschema\":\"https://x.example/a/cart.viewed/00007\""),
        event("\"data\":{},\"dataschema\":\"schema:shop/cart.viewed/2\""),
        "{\"dataschema\":\"schema:a/1\",\"data\":{},\"type\":\"a\"}",
        event("\"data\":{},\"traceparent\":\"00-1\",\"sampled\":7,\"flag\":true"),
        event("\"data\":{},\"id\":\"" + "i".repeat(EventLimits.ATTRIBUTE_CHARS_MAX) + "\""),
        event("\"data\":{\"a\":" + nested(EventLimits.DEPTH_MAX - 2) + "}"),
        event("\"data\":{" + members(10_000) + "}"));
  }

  @ParameterizedTest
  @MethodSource("good")
  void acceptsAnEvent(String json) {
    ParsedEvent event = parse(json);

    assertThat(event.detail()).isNull();
    assertThat(event.isAccepted()).isTrue();
    assertThat(text(event)).isEqualTo(json.strip());
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        Arguments.of("", FailureReason.EMPTY_PAYLOAD),
        Arguments.of(" \r\n\t", FailureReason.EMPTY_PAYLOAD),
        // Not exactly one well-formed value
        Arguments.of("nul", FailureReason.MALFORMED_JSON),
        Arguments.of("{", FailureReason.MALFORMED_JSON),
        Arguments.of(MINIMAL.substring(0, MINIMAL.length() - 1), FailureReason.MALFORMED_JSON),
        Arguments.of(MINIMAL.substring(0, 9), FailureReason.MALFORMED_JSON),
        Arguments.of(MINIMAL + "x", FailureReason.MALFORMED_JSON),
        Arguments.of(MINIMAL + "}", FailureReason.MALFORMED_JSON),
        Arguments.of(MINIMAL + MINIMAL, FailureReason.MALFORMED_JSON),
        Arguments.of(MINIMAL + " 1", FailureReason.MALFORMED_JSON),
        Arguments.of("{'type':'a'}", FailureReason.MALFORMED_JSON),
        Arguments.of("{type:\"a\"}", FailureReason.MALFORMED_JSON),
        Arguments.of("{\"type\":\"a\",}", FailureReason.MALFORMED_JSON),
        Arguments.of("{\"type\" \"a\"}", FailureReason.MALFORMED_JSON),
        Arguments.of("/* c */" + MINIMAL, FailureReason.MALFORMED_JSON),
        Arguments.of(event("\"data\":NaN"), FailureReason.MALFORMED_JSON),
        Arguments.of(event("\"data\":01"), FailureReason.MALFORMED_JSON),
        Arguments.of(event("\"data\":+1"), FailureReason.MALFORMED_JSON),
        Arguments.of(event("\"data\":.5"), FailureReason.MALFORMED_JSON),
        Arguments.of(event("\"data\":1."), FailureReason.MALFORMED_JSON),
        Arguments.of(event("\"data\":1e"), FailureReason.MALFORMED_JSON),
        Arguments.of(event("\"data\":\"a\nb\""), FailureReason.MALFORMED_JSON),
        Arguments.of(event("\"data\":\"a\0b\""), FailureReason.MALFORMED_JSON),
        Arguments.of(event("\"data\":\"\\x\""), FailureReason.MALFORMED_JSON),
        Arguments.of(event("\"data\":\"\\u12g4\""), FailureReason.MALFORMED_JSON),
        Arguments.of(event("\"data\":[1 2]"), FailureReason.MALFORMED_JSON),
        Arguments.of(event("\"data\":[1}"), FailureReason.MALFORMED_JSON),
        Arguments.of(event("\"data\":" + "9".repeat(10_000)), FailureReason.MALFORMED_JSON),
        Arguments.of(event("\"data\":1e" + "9".repeat(10_000)), FailureReason.MALFORMED_JSON),
        // Not an object
        Arguments.of("[]", FailureReason.NOT_AN_OBJECT),
        Arguments.of("null", FailureReason.NOT_AN_OBJECT),
        Arguments.of("1", FailureReason.NOT_AN_OBJECT),
        Arguments.of("\"text\"", FailureReason.NOT_AN_OBJECT),
        Arguments.of("[" + MINIMAL + "]", FailureReason.NOT_AN_OBJECT),
        // Keys
        Arguments.of(event("\"data\":{},\"data\":{}"), FailureReason.DUPLICATE_KEY),
        Arguments.of(event("\"data\":{},\"d\\u0061ta\":1"), FailureReason.DUPLICATE_KEY),
        Arguments.of(event("\"data\":{\"a\":1,\"\\u0061\":1}"), FailureReason.DUPLICATE_KEY),
        Arguments.of(event("\"data\":[[{\"\":1,\"\":1}]]"), FailureReason.DUPLICATE_KEY),
        Arguments.of(event("\"data\":{},\"\u00e4\":1,\"\\u00e4\":1"), FailureReason.DUPLICATE_KEY),
        Arguments.of(event("\"data\":{" + members(50) + ",\"k7\":1}"), FailureReason.DUPLICATE_KEY),
        Arguments.of(
            event("\"data\":{" + members(50) + ",\"k49\":1}"), FailureReason.DUPLICATE_KEY),
        // Depth
        Arguments.of(
            event("\"data\":" + nested(EventLimits.DEPTH_MAX)), FailureReason.NESTING_TOO_DEEP),
        Arguments.of(event("\"data\":" + "[".repeat(100_000)), FailureReason.NESTING_TOO_DEEP),
        Arguments.of("{\"a\":".repeat(100_000), FailureReason.NESTING_TOO_DEEP),
        // Encoding
        Arguments.of("\uFEFF" + MINIMAL, FailureReason.INVALID_ENCODING),
        Arguments.of(event("\"data\":\"\\ud800\""), FailureReason.INVALID_ENCODING),
        Arguments.of(event("\"data\":\"\\udc00\\ud800\""), FailureReason.INVALID_ENCODING),
        Arguments.of(event("\"data\":\"\\ud800\\u0041\""), FailureReason.INVALID_ENCODING),
        Arguments.of(event("\"data\":\"\\uD83Dx\\uDE00\""), FailureReason.INVALID_ENCODING),
        // Attributes
        Arguments.of("{}", FailureReason.MISSING_ATTRIBUTE),
        Arguments.of("{\"type\":\"a\"}", FailureReason.MISSING_ATTRIBUTE),
        Arguments.of("{\"data\":{}}", FailureReason.MISSING_ATTRIBUTE),
        Arguments.of(event("\"data\":null"), FailureReason.MISSING_ATTRIBUTE),
        Arguments.of("{\"type\":7,\"data\":{}}", FailureReason.INVALID_ATTRIBUTE),
        Arguments.of("{\"type\":null,\"data\":{}}", FailureReason.INVALID_ATTRIBUTE),
        Arguments.of("{\"type\":\"\",\"data\":{}}", FailureReason.INVALID_ATTRIBUTE),
        Arguments.of("{\"type\":\"a\\u0000\",\"data\":{}}", FailureReason.INVALID_ATTRIBUTE),
        Arguments.of(event("\"data\":{},\"specversion\":\"0.3\""), FailureReason.INVALID_ATTRIBUTE),
        Arguments.of(event("\"data\":{},\"specversion\":1.0"), FailureReason.INVALID_ATTRIBUTE),
        Arguments.of(event("\"data\":{},\"id\":null"), FailureReason.INVALID_ATTRIBUTE),
        Arguments.of(event("\"data\":{},\"id\":{}"), FailureReason.INVALID_ATTRIBUTE),
        Arguments.of(event("\"data\":{},\"id\":[]"), FailureReason.INVALID_ATTRIBUTE),
        Arguments.of(
            event("\"data\":{},\"id\":\"" + "i".repeat(EventLimits.ATTRIBUTE_CHARS_MAX + 1) + "\""),
            FailureReason.INVALID_ATTRIBUTE),
        Arguments.of(event("\"data\":{},\"storeid\":5"), FailureReason.INVALID_ATTRIBUTE),
        Arguments.of(event("\"data\":{},\"userid\":42"), FailureReason.INVALID_ATTRIBUTE),
        Arguments.of(event("\"data\":{},\"time\":\"yesterday\""), FailureReason.INVALID_ATTRIBUTE),
        Arguments.of(event("\"data\":{},\"time\":1700000000"), FailureReason.INVALID_ATTRIBUTE),
        Arguments.of(event("\"data\":{},\"dataschema\":\"/x/1\""), FailureReason.INVALID_ATTRIBUTE),
        Arguments.of(event("\"data_base64\":\"AAAA\""), FailureReason.INVALID_ATTRIBUTE),
        Arguments.of(event("\"data\":{},\"enrichment\":{}"), FailureReason.INVALID_ATTRIBUTE),
        // What the job would refuse
        Arguments.of(event("\"data\":[1,2]"), FailureReason.SCHEMA_VIOLATION),
        Arguments.of(event("\"data\":[]"), FailureReason.SCHEMA_VIOLATION),
        Arguments.of(event("\"data\":0"), FailureReason.SCHEMA_VIOLATION),
        Arguments.of(event("\"data\":\"{}\""), FailureReason.SCHEMA_VIOLATION),
        Arguments.of(event("\"data\":false"), FailureReason.SCHEMA_VIOLATION),
        Arguments.of("{\"data\":7,\"type\":\"a\"}", FailureReason.SCHEMA_VIOLATION),
        Arguments.of(event("\"data\":7,\"data\":{}"), FailureReason.DUPLICATE_KEY));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void refusesWhatIsNoEvent(String json, FailureReason reason) {
    ParsedEvent event = parse(json);

    assertThat(event.refusal()).as("%s", event.detail()).isEqualTo(reason);
    assertThat(event.detail()).isNotBlank();
  }

  static Stream<Arguments> badLines() {
    return bad()
        .filter(arguments -> !((String) arguments.get()[0]).isBlank())
        .filter(arguments -> !((String) arguments.get()[0]).contains("\n"));
  }

  @ParameterizedTest
  @MethodSource("badLines")
  void refusesALineWithoutItsNeighbours(String json, FailureReason reason) {
    ParsedBatch lines = parseLines(MINIMAL + "\n" + json + "\r\n" + MINIMAL);

    assertThat(lines.events()).extracting(ParsedEvent::refusal).containsExactly(null, reason, null);
  }

  @ParameterizedTest
  @CsvSource({
    "c3 28, overlong or cut", "c0 af, overlong", "ed a0 80, surrogate", "f4 90 80 80, too high",
    "f8 88 80 80 80, five bytes", "80, lone continuation", "e2 82, cut", "ff, never used"
  })
  void refusesBytesThatAreNotUtf8(String hex, String why) {
    byte[] middle = java.util.HexFormat.ofDelimiter(" ").parseHex(hex);
    String json = event("\"data\":\"%s\"".formatted(new String(middle, ISO_8859_1)));

    ParsedEvent event = parser.parse(json.getBytes(ISO_8859_1), 0, json.length());

    assertThat(event.refusal()).as(why).isEqualTo(FailureReason.INVALID_ENCODING);
    assertThat(event.detail()).contains("at byte " + json.indexOf((char) (middle[0] & 0xFF)));
  }

  @Test
  void refusesUtf16() {
    byte[] bytes = MINIMAL.getBytes(UTF_16LE);

    assertThat(parser.parse(bytes, 0, bytes.length).refusal())
        .isEqualTo(FailureReason.INVALID_ENCODING);
  }

  @Test
  void saysWhereTheFaultIs() {
    assertThat(parse("{\"type\":\"a\",\"data\":{\"x\":tru}}").detail()).contains("at byte 24");
    assertThat(parse("{\"a\":1,\"a\":2}").detail()).contains("\"a\"").contains("at byte 7");
  }

  @Test
  void saysWhatIsAbsentAndReadsWhatIsThere() {
    ParsedEvent event =
        parse(event("\"data\":{},\"id\":\"e\\u00311\",\"userid\":\"u\",\"sessionid\":\"s\""));

    assertThat(event.absent()).isEqualTo(EnumSet.complementOf(EnumSet.of(Addable.ID)));
    assertThat(event.id()).isEqualTo("e11");
    assertThat(event.group()).isEqualTo("s");
    assertThat(event.storeId()).isNull();
  }

  @Test
  void ordersBySessionBeforeCartBeforeUser() {
    String all = event("\"data\":{},\"userid\":\"u\",\"sessionid\":\"s\",\"cartid\":\"c\"");

    assertThat(parse(all).group()).isEqualTo("s");
    assertThat(parse(event("\"data\":{},\"userid\":\"u\",\"cartid\":\"c\"")).group())
        .isEqualTo("c");
    assertThat(parse(event("\"data\":{},\"userid\":\"u\"")).group()).isEqualTo("u");
    assertThat(parse(MINIMAL).group()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-20T10:00:00Z",
        "2026-11-20t10:00:00.123456789z",
        "2024-02-29T23:59:59.1+05:30",
        "0001-01-01T00:00:00-18:00",
        "9999-12-31T23:59:59Z"
      })
  void takesATime(String time) {
    assertThat(parse(event("\"data\":{},\"time\":\"" + time + "\"")).detail()).isNull();
    assertThat(java.time.OffsetDateTime.parse(time)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-20",
        "2026-11-20T10:00:00",
        "2026-11-20 10:00:00Z",
        "2026-11-20T10:00Z",
        "2026-11-20T10:00:00.Z",
        "2026-11-20T10:00:00.1234567890Z",
        "2026-11-20T24:00:00Z",
        "2026-11-20T10:60:00Z",
        "2026-11-20T10:00:60Z",
        "2026-13-20T10:00:00Z",
        "2026-00-20T10:00:00Z",
        "2025-02-29T10:00:00Z",
        "2026-11-20T10:00:00+0100",
        "2026-11-20T10:00:00+19:00",
        "2026-11-20T10:00:00+18:01",
        "0000-11-20T10:00:00Z",
        "-026-11-20T10:00:00Z",
        "2026-11-20T10:00:00ZZ",
        "2026-11-20T10:00:00.1"
      })
  void refusesATime(String time) {
    assertThat(parse(event("\"data\":{},\"time\":\"" + time + "\"")).refusal())
        .isEqualTo(FailureReason.INVALID_ATTRIBUTE);
  }

  @Test
  void tellsTheElementsOfAnArrayApart() {
    String first = "{ \"type\":\"a\", \"data\":{\"n\":[1,{}]} }";
    String third = event("\"data\":{\"s\":\"]},{\\\"[\"}");

    ParsedBatch batch =
        parseArray(
            " [\n" + first + " ,{\"type\":1,\"data\":{\"a\":[{}]}}, " + third + ",[[1]],5]\n");

    assertThat(batch.refusal()).isNull();
    assertThat(batch.events())
        .extracting(ParsedEvent::refusal)
        .containsExactly(
            null,
            FailureReason.INVALID_ATTRIBUTE,
            null,
            FailureReason.NOT_AN_OBJECT,
            FailureReason.NOT_AN_OBJECT);
    assertThat(text(batch.events().get(0))).isEqualTo(first);
    assertThat(text(batch.events().get(2))).isEqualTo(third);
  }

  @Test
  void goesOnAfterAnElementThatIsTooDeepOrHasADuplicateKey() {
    String deep = event("\"data\":" + nested(500));
    String twice = event("\"data\":{\"a\":{\"x\":1,\"x\":2},\"b\":{\"y\":[{}]}}");

    ParsedBatch batch = parseArray("[" + deep + "," + twice + "," + MINIMAL + "]");

    assertThat(batch.events())
        .extracting(ParsedEvent::refusal)
        .containsExactly(FailureReason.NESTING_TOO_DEEP, FailureReason.DUPLICATE_KEY, null);
    assertThat(text(batch.events().get(2))).isEqualTo(MINIMAL);
  }

  @Test
  void refusesAnArrayAsAWholeWhenNobodyCanTellItsElementsApart() {
    assertThat(parseArray("[" + MINIMAL + "," + MINIMAL).refusal())
        .isEqualTo(FailureReason.MALFORMED_JSON);
    assertThat(parseArray("[" + MINIMAL + ",{]").refusal()).isEqualTo(FailureReason.MALFORMED_JSON);
    assertThat(parseArray("[" + MINIMAL + "] x").refusal()).isEqualTo(FailureReason.MALFORMED_JSON);
    assertThat(parseArray(MINIMAL).refusal()).isEqualTo(FailureReason.MALFORMED_JSON);
    assertThat(parseArray("[".repeat(100_000)).refusal()).isEqualTo(FailureReason.NESTING_TOO_DEEP);
    assertThat(parseArray("").refusal()).isEqualTo(FailureReason.EMPTY_PAYLOAD);
  }

  @Test
  void boundsTheNumberOfEvents() {
    List<String> most = java.util.Collections.nCopies(EventLimits.BATCH_EVENTS_MAX, MINIMAL);
    String array = String.join(",", most);
    String lines = String.join("\n", most);

    assertThat(parseArray("[" + array + "]").events()).hasSize(EventLimits.BATCH_EVENTS_MAX);
    assertThat(parseArray("[" + array + ",1]").refusal()).isEqualTo(FailureReason.BATCH_SIZE);
    assertThat(parseArray("[]").refusal()).isEqualTo(FailureReason.BATCH_SIZE);
    assertThat(parseLines(lines + "\n\n \n").events()).hasSize(EventLimits.BATCH_EVENTS_MAX);
    assertThat(parseLines(lines + "\n1").refusal()).isEqualTo(FailureReason.BATCH_SIZE);
    assertThat(parseLines("\n \n").refusal()).isEqualTo(FailureReason.BATCH_SIZE);
  }

  @Test
  void readsOneOrManyByTheFirstCharacter() {
    byte[] many = (" [" + MINIMAL + "," + MINIMAL + "]").getBytes(UTF_8);
    byte[] one = MINIMAL.getBytes(UTF_8);

    assertThat(parser.parseOneOrMany(many, 0, many.length).events()).hasSize(2);
    assertThat(parser.parseOneOrMany(one, 0, one.length).events()).hasSize(1);
  }

  @Test
  void refusesHostileInputQuickly() {
    String deep = "{\"type\":\"a\",\"data\":" + "[".repeat(900_000);
    String wide = event("\"data\":{" + members(80_000) + "}");
    parse(deep);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long started = threads.getCurrentThreadCpuTime();

    parse(deep);
    parse(wide);

    Duration used = Duration.ofNanos(threads.getCurrentThreadCpuTime() - started);
    assertThat(used).isLessThan(Duration.ofSeconds(2)); // comparing each with each takes far longer
  }

  private ParsedEvent parse(String json) {
    byte[] bytes = ("xx" + json + "yy").getBytes(UTF_8); // positions count from the range's start
    return parser.parse(bytes, 2, bytes.length - 2);
  }

  private ParsedBatch parseArray(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return parser.parseArray(bytes, 0, bytes.length);
  }

  private ParsedBatch parseLines(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return parser.parseLines(bytes, 0, bytes.length);
  }

  private static String text(ParsedEvent event) {
    return new String(event.bytes(), event.from(), event.to() - event.from(), UTF_8);
  }

  private static String event(String members) {
    return "{\"type\":\"cart.viewed\"," + members + "}";
  }

  private static String nested(int levels) {
    return "[".repeat(levels) + "]".repeat(levels);
  }

  private static String members(int count) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < count; i++) {
      out.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":").append(i);
    }
    return out.toString();
  }
}
