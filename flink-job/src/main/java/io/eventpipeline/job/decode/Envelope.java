package io.eventpipeline.job.decode;

import static io.eventpipeline.contract.FailureReason.INVALID_ATTRIBUTE;
import static io.eventpipeline.contract.FailureReason.MISSING_ATTRIBUTE;

import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.EventLimits;
import io.eventpipeline.contract.FailureReason;
import java.time.Duration;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The attributes of one event while it is being read, and the first thing wrong with them. */
final class Envelope {
  private static final int VERSION_DIGITS_MAX = 5;
  private static final int VERSION_MAX = 65_535; // what the tables hold

  private final byte[] payload;
  private final long receivedAtMicros;
  private String specVersion = "";
  private String id = "";
  private String source = "";
  private String type = "";
  private String time = "";
  private String dataSchema = "";
  private String storeId = "";
  private String userId = "";
  private String sessionId = "";
  private String cartId = "";
  private long timeMicros;
  private int schemaVersion;
  private int dataStart;
  private int dataLength;
  private FailureReason problem;
  private String problemDetail = "";

  Envelope(byte[] payload, long receivedAtMicros) {
    this.payload = payload;
    this.receivedAtMicros = receivedAtMicros;
    this.timeMicros = receivedAtMicros;
  }

  FailureReason problem() {
    return problem;
  }

  String problemDetail() {
    return problemDetail;
  }

  /** Notes what is wrong; only the first problem is kept. */
  void refuse(FailureReason reason, String detail) {
    if (problem == null) {
      problem = reason;
      problemDetail = detail;
    }
  }

  void data(int start, int length) {
    dataStart = start;
    dataLength = length;
  }

  /** Takes a member of the envelope; members that the pipeline does not use are let through. */
  void attribute(String name, JsonToken token, JsonParser parser) {
    switch (name) {
      case "specversion" -> specVersion = text(name, token, parser);
      case "id" -> id = text(name, token, parser);
      case "source" -> source = text(name, token, parser);
      case "type" -> type = text(name, token, parser);
      case "time" -> time = text(name, token, parser);
      case "dataschema" -> dataSchema = text(name, token, parser);
      case "storeid" -> storeId = text(name, token, parser);
      case "userid" -> userId = text(name, token, parser);
      case "sessionid" -> sessionId = text(name, token, parser);
      case "cartid" -> cartId = text(name, token, parser);
      case "subject", "datacontenttype" -> text(name, token, parser);
      case "data_base64" ->
          refuse(INVALID_ATTRIBUTE, "data_base64 is not taken: data must be JSON");
      // What the enriched record adds: a second one would be a duplicate key there
      case "enrichment" -> refuse(INVALID_ATTRIBUTE, "enrichment is reserved");
      default -> {}
    }
  }

  /** As {@link #attribute} for a member whose value is an object or an array. */
  void attributeOfStructure(String name, JsonToken token) {
    switch (name) {
      case "specversion",
          "id",
          "source",
          "type",
          "time",
          "dataschema",
          "storeid",
          "userid",
          "sessionid",
          "cartid",
          "subject",
          "datacontenttype" ->
          refuse(INVALID_ATTRIBUTE, name + " must be a string, was " + describe(token));
      case "enrichment" -> refuse(INVALID_ATTRIBUTE, "enrichment is reserved");
      default -> {}
    }
  }

  /** The last member was read: are all there that must be, and in their format? */
  void complete() {
    require("specversion", specVersion);
    require("id", id);
    require("source", source);
    require("type", type);
    require("storeid", storeId);
    if (dataLength == 0) {
      refuse(MISSING_ATTRIBUTE, "data is missing");
    }
    if (!specVersion.equals("1.0")) {
      refuse(INVALID_ATTRIBUTE, "specversion must be 1.0, was " + quote(specVersion));
    }
    if (!time.isEmpty()) {
      long micros = Rfc3339.micros(time);
      if (micros == Rfc3339.INVALID) {
        refuse(INVALID_ATTRIBUTE, "time is not an RFC 3339 timestamp: " + quote(time));
      } else {
        timeMicros = clamp(micros);
      }
    }
    if (!dataSchema.isEmpty()) {
      schemaVersion = versionOf(dataSchema);
      if (schemaVersion == 0) {
        refuse(
            INVALID_ATTRIBUTE,
            "dataschema must be an absolute URI that ends in "
                + quote("/" + type + "/<version>")
                + " or is "
                + quote("schema:" + type + "/<version>")
                + ", was "
                + quote(dataSchema));
      }
    }
  }

  Event toEvent(int partition, long offset) {
    return new Event(
        id,
        source,
        type,
        schemaVersion,
        timeMicros,
        storeId,
        userId,
        sessionId,
        cartId,
        payload,
        dataStart,
        dataLength,
        receivedAtMicros,
        partition,
        offset,
        Event.FOLLOWS_NONE);
  }

  static String describe(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "object";
      case START_ARRAY -> "array";
      case VALUE_STRING -> "string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number";
      case VALUE_TRUE, VALUE_FALSE -> "boolean";
      case VALUE_NULL -> "null";
      default -> token.name();
    };
  }

  /** An attribute that is null counts as absent, as the CloudEvents JSON format says. */
  private String text(String name, JsonToken token, JsonParser parser) {
    if (token == JsonToken.VALUE_NULL) {
      return "";
    }
    if (token != JsonToken.VALUE_STRING) {
      refuse(INVALID_ATTRIBUTE, name + " must be a string, was " + describe(token));
      return "";
    }
    String text = parser.getString();
    if (text.length() > EventLimits.ATTRIBUTE_CHARS_MAX) {
      refuse(
          INVALID_ATTRIBUTE,
          "%s has %d characters, at most %d are allowed"
              .formatted(name, text.length(), EventLimits.ATTRIBUTE_CHARS_MAX));
      return "";
    }
    int bad = firstForbidden(text);
    if (bad >= 0) {
      refuse(
          INVALID_ATTRIBUTE,
          "%s holds U+%04X at character %d, which CloudEvents forbids"
              .formatted(name, (int) text.charAt(bad), bad));
      return "";
    }
    return text;
  }

  /** Control characters and lone surrogates, CloudEvents 1.0 section 2.3. */
  private static int firstForbidden(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c)) {
        return i;
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  private void require(String name, String value) {
    if (value.isEmpty()) {
      refuse(MISSING_ATTRIBUTE, name + " is missing or empty");
    }
  }

  private long clamp(long micros) {
    return Math.max(
        receivedAtMicros - micros(EventLimits.PAST_MAX),
        Math.min(receivedAtMicros + micros(EventLimits.FUTURE_MAX), micros));
  }

  private static long micros(Duration duration) {
    return duration.toMillis() * 1_000;
  }

  /** The version that a {@code dataschema} names, 0 when it names none of this event's type. */
  private int versionOf(String uri) {
    int slash = uri.lastIndexOf('/');
    int digits = uri.length() - slash - 1;
    if (slash < 0 || digits < 1 || digits > VERSION_DIGITS_MAX) {
      return 0;
    }
    int version = 0;
    for (int at = slash + 1; at < uri.length(); at++) {
      char c = uri.charAt(at);
      if (c < '0' || c > '9') {
        return 0;
      }
      version = version * 10 + c - '0';
    }
    String subject = uri.substring(0, slash);
    boolean named = subject.equals("schema:" + type);
    boolean located = subject.indexOf(':') > 0 && subject.endsWith("/" + type);
    return (named || located) && version <= VERSION_MAX ? version : 0;
  }

  private static String quote(String text) {
    return '\'' + text + '\'';
  }
}
