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
  private final DeclaredSchema schema = new DeclaredSchema();
  private Set<Addable> absent;
  private String id;
  private String storeId;
  private String cartId;
  private String sessionId;
  private String userId;
  private boolean hasType;
  private JsonToken data;
  private String last;
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
    schema.clear();
    hasType = false;
    data = null;
    last = null;
    refusal = null;
    detail = null;
  }

  private ParsedEvent result(JsonParser json, byte[] bytes, int from, int base) {
    if (refusal == null) {
      judge(json);
    }
    if (refusal != null) {
      return ParsedEvent.refused(id, refusal, detail);
    }
    int to = base + (int) json.currentLocation().getByteOffset();
    String group = sessionId != null ? sessionId : cartId != null ? cartId : userId;
    return new ParsedEvent(bytes, from, to, absent, id, storeId, group, null, null);
  }

  /**
   * Holds the members against each other, once all were seen: they come in any order. Last comes
   * what the job would say only after it has read the event.
   */
  private void judge(JsonParser json) {
    if (!hasType) {
      refuse(FailureReason.MISSING_ATTRIBUTE, "type is required", json);
    } else if (data == null) {
      refuse(FailureReason.MISSING_ATTRIBUTE, "data is required", json);
    } else if (schema.isOfNoVersion()) {
      String type = schema.typeText();
      invalid(
          "dataschema has to be schema:"
              + type
              + "/<version> or an absolute URI that ends in /"
              + type
              + "/<version>, version 1 to 65535",
          json);
    } else if (data != JsonToken.START_OBJECT) {
      refuse(FailureReason.SCHEMA_VIOLATION, "data has to be an object", json);
    }
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

  /** Whether {@code data} was the last member of the event that was read. */
  boolean endedWithData() {
    return "data".equals(last);
  }

  private void member(String name, JsonToken value, JsonParser json) {
    last = name;
    if (refusal != null) {
      return;
    }
    switch (name) {
      case "specversion" -> specversion(value, json);
      case "id" -> id = addable(Addable.ID, name, value, json);
      case "source" -> addable(Addable.SOURCE, name, value, json);
      case "storeid" -> storeId = addable(Addable.STOREID, name, value, json);
      case "time" -> time(value, json);
      case "type" -> type(value, json);
      case "cartid" -> cartId = optional(name, value, json);
      case "sessionid" -> sessionId = optional(name, value, json);
      case "userid" -> userId = optional(name, value, json);
      case "dataschema" -> dataschema(value, json);
      case "subject", "datacontenttype" -> isPresentText(name, value, json);
      case "data" -> data = value == JsonToken.VALUE_NULL ? null : value;
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

  private void type(JsonToken value, JsonParser json) {
    hasType = isText("type", value, json);
    if (hasType) {
      schema.type(json);
    }
  }

  private void dataschema(JsonToken value, JsonParser json) {
    if (isPresentText("dataschema", value, json)) {
      schema.uri(json);
      if (schema.isRelative()) {
        invalid("dataschema has to be an absolute URI", json);
      }
    }
  }

  /** Takes an attribute that may be absent; null counts as absent, says CloudEvents. */
  private String optional(String name, JsonToken value, JsonParser json) {
    return isPresentText(name, value, json) ? json.getString() : null;
  }

  /** Whether it is there; refuses the event when it is there and no text. */
  private boolean isPresentText(String name, JsonToken value, JsonParser json) {
    return value != JsonToken.VALUE_NULL && isText(name, value, json);
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
