package io.eventpipeline.edge.event;

import io.eventpipeline.contract.EventLimits;
import java.util.Arrays;
import tools.jackson.core.JsonParser;

/**
 * What {@code type} and {@code dataschema} say of one event, in whichever order they come: their
 * characters are kept until both are there. Reused and without allocation, so: one thread.
 */
final class DeclaredSchema {
  private static final int VERSION_DIGITS_MAX = 5;
  private static final int VERSION_MAX = 65_535; // what the tables hold
  private static final String NAMED = "schema:";

  private final char[] type = new char[EventLimits.ATTRIBUTE_CHARS_MAX];
  private final char[] uri = new char[EventLimits.ATTRIBUTE_CHARS_MAX];
  private int typeLength;
  private int uriLength;

  void clear() {
    typeLength = 0;
    uriLength = 0;
  }

  /** Takes the text of the current token, at most as long as an attribute may be. */
  void type(JsonParser json) {
    typeLength = copy(json, type);
  }

  /** Takes the text of the current token, at most as long as an attribute may be. */
  void uri(JsonParser json) {
    uriLength = copy(json, uri);
  }

  private static int copy(JsonParser json, char[] into) {
    int length = json.getStringLength();
    System.arraycopy(json.getStringCharacters(), json.getStringOffset(), into, 0, length);
    return length;
  }

  /** The type, for people. */
  String typeText() {
    return new String(type, 0, typeLength);
  }

  /** Whether there is a {@code dataschema} that starts with no scheme (RFC 3986 section 3.1). */
  boolean isRelative() {
    if (uriLength == 0) {
      return false;
    }
    int colon = colon(uriLength);
    for (int i = 0; i < colon; i++) {
      char c = uri[i];
      boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
      boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (!letter && (i == 0 || !other)) {
        return true;
      }
    }
    return colon <= 0 || colon == uriLength - 1;
  }

  /**
   * Whether there is a {@code dataschema} that names no version 1 to 65535 of the event's own type,
   * as {@code schema:<type>/<version>} or as a URI that ends in {@code /<type>/<version>}: the job
   * takes no other.
   */
  boolean isOfNoVersion() {
    if (uriLength == 0) {
      return false;
    }
    int slash = uriLength - 1;
    while (slash >= 0 && uri[slash] != '/') {
      slash--;
    }
    int version = version(slash + 1);
    boolean named = slash == NAMED.length() + typeLength && startsNamed() && typeEndsAt(slash);
    boolean located =
        slash > typeLength
            && uri[slash - typeLength - 1] == '/'
            && typeEndsAt(slash)
            && colon(slash) > 0;
    return version < 1 || version > VERSION_MAX || !(named || located);
  }

  /** The number from there to the end; 0 when that is none of 1 to 5 digits. */
  private int version(int from) {
    int digits = uriLength - from;
    if (from == 0 || digits < 1 || digits > VERSION_DIGITS_MAX) {
      return 0;
    }
    int version = 0;
    for (int i = from; i < uriLength; i++) {
      if (uri[i] < '0' || uri[i] > '9') {
        return 0;
      }
      version = version * 10 + uri[i] - '0';
    }
    return version;
  }

  private boolean startsNamed() {
    for (int i = 0; i < NAMED.length(); i++) {
      if (uri[i] != NAMED.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean typeEndsAt(int end) {
    return Arrays.equals(uri, end - typeLength, end, type, 0, typeLength);
  }

  /** Index of the first colon before {@code end}, or -1. */
  private int colon(int end) {
    for (int i = 0; i < end; i++) {
      if (uri[i] == ':') {
        return i;
      }
    }
    return -1;
  }
}
