package io.eventpipeline.edge.event;

import io.eventpipeline.contract.EventLimits;
import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.edge.event.ParsedEvent.Addable;
import java.util.EnumSet;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Walks the tokens of one event, from its opening to its closing brace. Reused, so: one thread. */
final class EventWalk {
  private static final String SPECVERSION = "1.0";

  private final SeenNames names = new SeenNames(EventLimits.DEPTH_MAX);
  private Set<Addable> absent;
  private String id;
  private String storeId;
  private String cartId;
  private String sessionId;
  private String userId;
  private boolean hasType;
  private boolean hasData;
  private FailureReason refusal;
  private String detail;

  /**
   * Reads the event whose opening brace is the current token.
   *
   * @param base index in {@code bytes} that {@code json} counts its positions from
   * @param stop whether the rest of a refused event is left unread; otherwise the current token is
   *     the closing brace afterwards, whatever was found
   */
  ParsedEvent read(JsonParser json, byte[] bytes, int base, boolean stop) {
    reset();
    int from = base + (int) json.currentTokenLocation().getByteOffset();
    names.open();
    int depth = 1;
    String name = null;
    while (depth > 0 && !(stop && refusal != null)) {
      JsonToken token = json.nextToken();
      switch (token) {
        case PROPERTY_NAME -> {
          name = json.currentName();
          if (refusal == null && !names.add(name)) {
            refuse(FailureReason.DUPLICATE_KEY, "the key " + quoted(name) + " comes twice", json);
          }
        }
        case START_OBJECT, START_ARRAY -> {
          if (depth == 1) {
            member(name, token, json);
          }
          depth++;
          open(depth, json);
        }
        case END_OBJECT, END_ARRAY -> {
          depth--;
          if (refusal == null) {
            names.close();
          }
        }
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
          number(json);
          if (depth == 1) {
            member(name, token, json);
          }
        }
        default -> {
          if (depth == 1) {
            member(name, token, json);
          }
        }
      }
    }
    return result(json, bytes, from, base);
  }

  private void reset() {
    names.clear();
    absent = EnumSet.allOf(Addable.class);
    id = null;
    storeId = null;
    cartId = null;
    sessionId = null;
    userId = null;
    hasType = false;
    hasData = false;
    refusal = null;
    detail = null;
  }

  private ParsedEvent result(JsonParser json, byte[] bytes, int from, int base) {
    if (refusal == null && !hasType) {
      refuse(FailureReason.MISSING_ATTRIBUTE, "type is required", json);
    }
    if (refusal == null && !hasData) {
      refuse(FailureReason.MISSING_ATTRIBUTE, "data is required", json);
    }
    if (refusal != null) {
      return ParsedEvent.refused(id, refusal, detail);
    }
    int to = base + (int) json.currentLocation().getByteOffset();
    String group = cartId != null ? cartId : sessionId != null ? sessionId : userId;
    return new ParsedEvent(bytes, from, to, absent, id, storeId, group, null, null);
  }

  private void open(int depth, JsonParser json) {
    if (refusal != null) {
      return;
    }
    if (depth > EventLimits.DEPTH_MAX) {
      refuse(
          FailureReason.NESTING_TOO_DEEP,
          "nested deeper than " + EventLimits.DEPTH_MAX + " levels",
          json);
    } else {
      names.open();
    }
  }

  private void number(JsonParser json) {
    if (refusal == null && json.getStringLength() > EventParser.NUMBER_CHARS_MAX) {
      refuse(
          FailureReason.MALFORMED_JSON,
          "a number of more than " + EventParser.NUMBER_CHARS_MAX + " characters",
          json);
    }
  }

  private void member(String name, JsonToken value, JsonParser json) {
    if (refusal != null) {
      return;
    }
    switch (name) {
      case "specversion" -> specversion(value, json);
      case "id" -> id = addable(Addable.ID, name, value, json);
      case "source" -> addable(Addable.SOURCE, name, value, json);
      case "storeid" -> storeId = addable(Addable.STOREID, name, value, json);
      case "time" -> time(value, json);
      case "type" -> hasType = isText(name, value, json);
      case "cartid" -> cartId = optional(name, value, json);
      case "sessionid" -> sessionId = optional(name, value, json);
      case "userid" -> userId = optional(name, value, json);
      case "dataschema" -> dataschema(value, json);
      case "subject", "datacontenttype" -> optional(name, value, json);
      case "data" -> hasData = value != JsonToken.VALUE_NULL;
      case "data_base64" -> invalid("data_base64 is not taken: data has to be JSON", json);
      case "enrichment" -> invalid("enrichment is a name that the pipeline uses itself", json);
      default -> {
        // an extension attribute of the producer's own: travels on, unread
      }
    }
  }

  /** Takes an attribute that the edge would add: it has to be absent or right, never null. */
  private String addable(Addable attribute, String name, JsonToken value, JsonParser json) {
    absent.remove(attribute);
    return isText(name, value, json) ? json.getString() : null;
  }

  private void specversion(JsonToken value, JsonParser json) {
    String version = addable(Addable.SPECVERSION, "specversion", value, json);
    if (refusal == null && !SPECVERSION.equals(version)) {
      invalid("specversion has to be 1.0, was " + quoted(version), json);
    }
  }

  private void time(JsonToken value, JsonParser json) {
    absent.remove(Addable.TIME);
    if (isText("time", value, json)
        && !Rfc3339.matches(
            json.getStringCharacters(), json.getStringOffset(), json.getStringLength())) {
      invalid("time is not an RFC 3339 date-time with offset", json);
    }
  }

  private void dataschema(JsonToken value, JsonParser json) {
    String uri = optional("dataschema", value, json);
    if (uri != null && !hasScheme(uri)) {
      invalid("dataschema has to be an absolute URI", json);
    }
  }

  private static boolean hasScheme(String uri) {
    int colon = uri.indexOf(':');
    for (int i = 0; i < colon; i++) {
      char c = uri.charAt(i);
      boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
      boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (!letter && (i == 0 || !other)) {
        return false;
      }
    }
    return colon > 0 && colon < uri.length() - 1;
  }

  /** Takes an attribute that may be absent; null counts as absent, says CloudEvents. */
  private String optional(String name, JsonToken value, JsonParser json) {
    return value != JsonToken.VALUE_NULL && isText(name, value, json) ? json.getString() : null;
  }

  private boolean isText(String name, JsonToken value, JsonParser json) {
    if (value != JsonToken.VALUE_STRING) {
      invalid(name + " has to be a string", json);
      return false;
    }
    int length = json.getStringLength();
    if (length == 0 || length > EventLimits.ATTRIBUTE_CHARS_MAX) {
      invalid(
          name
              + " has to have 1 to "
              + EventLimits.ATTRIBUTE_CHARS_MAX
              + " characters, has "
              + length,
          json);
      return false;
    }
    char[] text = json.getStringCharacters();
    int start = json.getStringOffset();
    for (int i = start; i < start + length; i++) {
      if (Character.isISOControl(text[i])) {
        invalid(name + " holds a control character", json);
        return false;
      }
    }
    return true;
  }

  private void invalid(String what, JsonParser json) {
    refuse(FailureReason.INVALID_ATTRIBUTE, what, json);
  }

  private void refuse(FailureReason reason, String what, JsonParser json) {
    refusal = reason;
    detail = what + ", at " + EventParser.at(json);
  }

  private static String quoted(String text) {
    return '"' + (text.length() <= 64 ? text : text.substring(0, 64) + "…") + '"';
  }
}
