package io.eventpipeline.edge.event;

import io.eventpipeline.contract.EventLimits;
import io.eventpipeline.contract.FailureReason;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Checks that bytes are events and reads the few attributes that the edge needs.
 *
 * <p>One walk over the tokens, no tree, nothing re-serialised. Bad input is a value, never an
 * exception: {@code empty_payload}, {@code invalid_encoding} (bytes that are not UTF-8, UTF-16 and
 * UTF-32, a byte order mark, the escape of half a surrogate pair), {@code malformed_json} (not
 * exactly one JSON value, or a number of more than {@link #NUMBER_CHARS_MAX} characters), {@code
 * not_an_object}, {@code duplicate_key} (at any level, escapes resolved), {@code nesting_too_deep},
 * {@code missing_attribute}, {@code invalid_attribute}, {@code schema_violation} ({@code data} that
 * is no object: no schema allows it, the job says the same); for a batch also {@code batch_size}.
 *
 * <p>A JSON array is refused as a whole when its syntax is broken, when its bytes are not UTF-8 or
 * when it nests deeper than {@link #ARRAY_DEPTH_MAX}, since then nobody can say where the next
 * element begins. Every other fault is of one element only. Of newline-delimited JSON every fault
 * is of its line only.
 *
 * <p>Not thread-safe: one for each event loop.
 */
public final class EventParser {
  /** Longest number, characters: what the parsers behind the edge read. */
  public static final int NUMBER_CHARS_MAX = 1_000;

  /** Deepest nesting in a batch that is still walked to find the element's end. */
  public static final int ARRAY_DEPTH_MAX = 1_000;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.threadLocalPool())
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(ARRAY_DEPTH_MAX)
                  .maxNumberLength(Integer.MAX_VALUE) // measured here, per event
                  .maxStringLength(Integer.MAX_VALUE) // the body is bounded
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final EventWalk walk = new EventWalk();

  /** Reads a body that has to be exactly one event. */
  public ParsedEvent parse(byte[] bytes, int from, int to) {
    ParsedEvent fault = encodingFault(bytes, from, to);
    if (fault != null) {
      return fault;
    }
    try (JsonParser json = parser(bytes, from, to)) {
      JsonToken first = json.nextToken();
      if (first != JsonToken.START_OBJECT) {
        return notAnObject(json, first);
      }
      ParsedEvent event = walk.read(json, bytes, from, true);
      if (event.isAccepted() && json.nextToken() != null) {
        return ParsedEvent.refused(
            event.id(), FailureReason.MALFORMED_JSON, "a second value at " + at(json));
      }
      return event;
    } catch (JacksonException e) {
      return ParsedEvent.refused(reason(e), detail(e));
    }
  }

  /**
   * Reads one event that was put around a body, its {@code data}, which stands last. A body that is
   * not exactly one value cannot bring in members of its own: it is {@code malformed_json}.
   */
  public ParsedEvent parseWrapped(byte[] bytes, int from, int to) {
    ParsedEvent event = parse(bytes, from, to);
    return event.isAccepted() && !walk.endedWithData()
        ? ParsedEvent.refused(
            event.id(), FailureReason.MALFORMED_JSON, "the body is not exactly one JSON value")
        : event;
  }

  /** Reads one text frame: an array of events when it starts with a bracket, else one event. */
  public ParsedBatch parseOneOrMany(byte[] bytes, int from, int to) {
    int first = from;
    while (first < to && isWhitespace(bytes[first])) {
      first++;
    }
    return first < to && bytes[first] == '['
        ? parseArray(bytes, from, to)
        : ParsedBatch.of(List.of(parse(bytes, from, to)));
  }

  /** Reads a JSON array of 1 to {@link EventLimits#BATCH_EVENTS_MAX} events. */
  public ParsedBatch parseArray(byte[] bytes, int from, int to) {
    ParsedEvent fault = encodingFault(bytes, from, to);
    if (fault != null) {
      return ParsedBatch.refused(fault.refusal(), fault.detail());
    }
    try (JsonParser json = parser(bytes, from, to)) {
      if (json.nextToken() != JsonToken.START_ARRAY) {
        return ParsedBatch.refused(FailureReason.MALFORMED_JSON, "not a JSON array of events");
      }
      List<ParsedEvent> events = new ArrayList<>();
      for (JsonToken token = json.nextToken();
          token != JsonToken.END_ARRAY;
          token = json.nextToken()) {
        if (events.size() == EventLimits.BATCH_EVENTS_MAX) {
          return batchSize("more than " + EventLimits.BATCH_EVENTS_MAX + " events");
        }
        events.add(element(json, token, bytes, from));
      }
      if (json.nextToken() != null) {
        return ParsedBatch.refused(FailureReason.MALFORMED_JSON, "a second value at " + at(json));
      }
      return events.isEmpty() ? batchSize("no events") : ParsedBatch.of(events);
    } catch (JacksonException e) {
      return ParsedBatch.refused(reason(e), detail(e));
    }
  }

  /**
   * Reads newline-delimited JSON: 1 to {@link EventLimits#BATCH_EVENTS_MAX} lines, one event each.
   * Lines of white space are skipped and not counted.
   */
  public ParsedBatch parseLines(byte[] bytes, int from, int to) {
    List<ParsedEvent> events = new ArrayList<>();
    int start = from;
    while (start < to) {
      int end = start;
      boolean blank = true;
      while (end < to && bytes[end] != '\n') {
        blank &= isWhitespace(bytes[end]);
        end++;
      }
      if (!blank) {
        if (events.size() == EventLimits.BATCH_EVENTS_MAX) {
          return batchSize("more than " + EventLimits.BATCH_EVENTS_MAX + " events");
        }
        events.add(parse(bytes, start, end));
      }
      start = end + 1;
    }
    return events.isEmpty() ? batchSize("no events") : ParsedBatch.of(events);
  }

  private ParsedEvent element(JsonParser json, JsonToken token, byte[] bytes, int base) {
    if (token == JsonToken.START_OBJECT) {
      return walk.read(json, bytes, base, false);
    }
    ParsedEvent refused = notAnObject(json, token);
    json.skipChildren();
    return refused;
  }

  private static ParsedEvent encodingFault(byte[] bytes, int from, int to) {
    int first = from;
    while (first < to && isWhitespace(bytes[first])) {
      first++;
    }
    if (first == to) {
      return ParsedEvent.refused(FailureReason.EMPTY_PAYLOAD, "no JSON value");
    }
    if (to - from >= 3
        && bytes[from] == (byte) 0xEF
        && bytes[from + 1] == (byte) 0xBB
        && bytes[from + 2] == (byte) 0xBF) {
      return encoding("a byte order mark", 0);
    }
    for (int i = from; i < Math.min(to, from + 4); i++) {
      if (bytes[i] == 0) {
        return encoding("UTF-16 or UTF-32, not UTF-8", i - from);
      }
    }
    int malformed = Utf8.malformedAt(bytes, from, to);
    if (malformed >= 0) {
      return encoding("not UTF-8", malformed - from);
    }
    int lone = Utf8.loneSurrogateAt(bytes, from, to);
    return lone < 0 ? null : encoding("the escape of half a surrogate pair", lone - from);
  }

  private static ParsedEvent encoding(String what, int position) {
    return ParsedEvent.refused(FailureReason.INVALID_ENCODING, what + " at byte " + position);
  }

  private static ParsedEvent notAnObject(JsonParser json, JsonToken token) {
    String what =
        token == null
            ? "nothing"
            : token == JsonToken.START_ARRAY ? "an array" : "a " + kind(token);
    return ParsedEvent.refused(
        FailureReason.NOT_AN_OBJECT,
        "an event is a JSON object, this is " + what + " at " + at(json));
  }

  private static String kind(JsonToken token) {
    return token.isNumeric() ? "number" : token == JsonToken.VALUE_STRING ? "string" : "literal";
  }

  private static ParsedBatch batchSize(String found) {
    return ParsedBatch.refused(
        FailureReason.BATCH_SIZE,
        "a batch holds 1 to " + EventLimits.BATCH_EVENTS_MAX + " events, this one " + found);
  }

  static String at(JsonParser json) {
    return "byte " + json.currentTokenLocation().getByteOffset();
  }

  private static FailureReason reason(JacksonException e) {
    return e instanceof StreamConstraintsException
        ? FailureReason.NESTING_TOO_DEEP // the only constraint that is not lifted
        : FailureReason.MALFORMED_JSON;
  }

  private static String detail(JacksonException e) {
    String message = e.getOriginalMessage();
    return e.getLocation() == null
        ? message
        : message + " at byte " + e.getLocation().getByteOffset();
  }

  private static JsonParser parser(byte[] bytes, int from, int to) {
    return JSON.createParser(ObjectReadContext.empty(), bytes, from, to - from);
  }

  private static boolean isWhitespace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }
}
