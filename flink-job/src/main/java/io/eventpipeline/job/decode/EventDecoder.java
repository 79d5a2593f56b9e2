package io.eventpipeline.job.decode;

import static io.eventpipeline.contract.FailureReason.DUPLICATE_KEY;
import static io.eventpipeline.contract.FailureReason.EMPTY_PAYLOAD;
import static io.eventpipeline.contract.FailureReason.INVALID_ENCODING;
import static io.eventpipeline.contract.FailureReason.MALFORMED_JSON;
import static io.eventpipeline.contract.FailureReason.NESTING_TOO_DEEP;
import static io.eventpipeline.contract.FailureReason.NOT_AN_OBJECT;

import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.EventLimits;
import io.eventpipeline.contract.FailureReason;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the envelope of an event out of its bytes in one pass, without building a tree.
 *
 * <p>The whole value is walked, so what leaves here is one well-formed JSON object in UTF-8 without
 * duplicate keys; of {@code data} only the place is noted. Refusals are values: nothing is thrown
 * whatever the bytes are. Not thread-safe: one instance a thread.
 */
public final class EventDecoder {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  // One more than ours, so that our own check answers first and names the place
                  .maxNestingDepth(EventLimits.DEPTH_MAX + 1)
                  .maxNameLength(Integer.MAX_VALUE) // a record is bounded
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final NameStack names = new NameStack();

  /**
   * Decodes one record.
   *
   * @param value its bytes, or null; kept in the event, not copied
   * @param receivedAtMicros time of receipt, microseconds since the epoch; stands in for an absent
   *     {@code time}
   */
  public Decoded decode(byte[] value, long receivedAtMicros, int partition, long offset) {
    if (value == null || value.length == 0) {
      return new Decoded(
          Event.undecodable(new byte[0], receivedAtMicros, partition, offset),
          EMPTY_PAYLOAD,
          value == null ? "a record without a value" : "a value of zero bytes");
    }
    Envelope envelope = new Envelope(value, receivedAtMicros);
    FailureReason refused;
    String detail;
    try {
      checkEncoding(value);
      try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), value)) {
        readEnvelope(parser, envelope);
      }
      envelope.complete();
      refused = envelope.problem();
      detail = envelope.problemDetail();
    } catch (Refusal e) {
      refused = e.reason;
      detail = e.getMessage();
    } catch (JacksonException e) {
      refused = MALFORMED_JSON;
      detail = "at byte " + e.getLocation().getByteOffset() + ": " + e.getOriginalMessage();
    }
    return new Decoded(envelope.toEvent(partition, offset), refused, detail);
  }

  private static void checkEncoding(byte[] value) throws Refusal {
    int invalid = Utf8.firstInvalid(value);
    if (invalid >= 0) {
      throw new Refusal(
          INVALID_ENCODING,
          String.format("byte %d (0x%02X) is not UTF-8", invalid, value[invalid]));
    }
    // The parser would take UTF-16 and UTF-32 for JSON too, and skip a byte order mark
    for (int i = 0; i < Math.min(4, value.length); i++) {
      if (value[i] == 0) {
        throw new Refusal(
            INVALID_ENCODING, "byte " + i + " is zero: UTF-16, UTF-32 or binary, not UTF-8");
      }
    }
    if (value.length > 2 && value[0] == (byte) 0xEF && value[1] == (byte) 0xBB) {
      throw new Refusal(INVALID_ENCODING, "starts with a byte order mark");
    }
    int lone = Utf8.firstLoneSurrogateEscape(value);
    if (lone >= 0) {
      throw new Refusal(INVALID_ENCODING, "byte " + lone + " escapes half a surrogate pair");
    }
  }

  private void readEnvelope(JsonParser parser, Envelope envelope) throws Refusal {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw new Refusal(EMPTY_PAYLOAD, "nothing but white space");
    }
    if (first != JsonToken.START_OBJECT) {
      throw new Refusal(NOT_AN_OBJECT, "a JSON " + Envelope.describe(first) + ", not an object");
    }
    names.open(1);
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      addName(parser, 1, name);
      JsonToken token = parser.nextToken();
      if (name.equals("data") && token != JsonToken.VALUE_NULL) {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        walk(parser, token);
        parser.finishToken(); // a string is read lazily
        envelope.data(start, (int) parser.currentLocation().getByteOffset() - start);
      } else if (token.isStructStart()) {
        envelope.attributeOfStructure(name, token);
        walk(parser, token);
      } else {
        envelope.attribute(name, token, parser);
      }
    }
    if (parser.nextToken() != null) {
      throw new Refusal(
          MALFORMED_JSON,
          "at byte "
              + parser.currentTokenLocation().getByteOffset()
              + ": more than one JSON value");
    }
  }

  /** Reads to the end of the value that {@code token} starts. */
  private void walk(JsonParser parser, JsonToken token) throws Refusal {
    if (!token.isStructStart()) {
      return;
    }
    int depth = 2;
    names.open(depth);
    while (depth > 1) {
      JsonToken next = parser.nextToken();
      switch (next) {
        case START_OBJECT, START_ARRAY -> {
          if (++depth > EventLimits.DEPTH_MAX) {
            throw new Refusal(
                NESTING_TOO_DEEP,
                "deeper than %d levels at byte %d"
                    .formatted(
                        EventLimits.DEPTH_MAX, parser.currentTokenLocation().getByteOffset()));
          }
          names.open(depth);
        }
        case END_OBJECT, END_ARRAY -> depth--;
        case PROPERTY_NAME -> addName(parser, depth, parser.currentName());
        default -> {}
      }
    }
  }

  private void addName(JsonParser parser, int depth, String name) throws Refusal {
    if (!names.add(depth, name)) {
      throw new Refusal(
          DUPLICATE_KEY,
          "second %s at byte %d"
              .formatted(
                  parser.streamReadContext().pathAsPointer(),
                  parser.currentTokenLocation().getByteOffset()));
    }
  }

  /** Ends the reading of one record; never leaves this class. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private final FailureReason reason;

    Refusal(FailureReason reason, String message) {
      super(message, null, false, false); // a value, not a defect: no stack trace
      this.reason = reason;
    }
  }
}
