package io.eventpipeline.registry;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What is text at all, and what text the database takes. */
public final class TextRules {
  private TextRules() {}

  /** Whether there is no half of a surrogate pair in it, which no encoding has: it becomes ?. */
  static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** Whether that holds for every name and every string in a JSON value. */
  static boolean isUnicode(JsonNode value) {
    if (value.isString()) {
      return isUnicode(value.asString());
    }
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      if (!isUnicode(member.getKey())) {
        return false;
      }
    }
    for (JsonNode child : value) {
      if (!isUnicode(child)) {
        return false;
      }
    }
    return true;
  }

  /** Whether Postgres takes it, as text and in jsonb: it has no U+0000. */
  public static boolean isStorable(String text) {
    return text.indexOf('\0') < 0;
  }
}
