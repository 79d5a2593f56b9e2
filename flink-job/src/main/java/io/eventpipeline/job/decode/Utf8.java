package io.eventpipeline.job.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks that bytes are UTF-8, as RFC 3629 defines it: no overlong forms, no surrogates, nothing
 * above U+10FFFF. A JSON parser alone lets all three through.
 */
final class Utf8 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  /** Index of the first byte that does not belong to a well-formed sequence, or -1. */
  static int firstInvalid(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      if (at + Long.BYTES <= bytes.length && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
        at += Long.BYTES; // eight ASCII characters at once: what events are made of
      } else if (bytes[at] >= 0) {
        at++;
      } else {
        int length = sequenceLength(bytes, at);
        if (length == 0) {
          return at;
        }
        at += length;
      }
    }
    return -1;
  }

  /** Length of the well-formed multi-byte sequence that starts at {@code at}, or 0. */
  private static int sequenceLength(byte[] bytes, int at) {
    int lead = bytes[at] & 0xFF;
    if (lead >= 0xC2 && lead <= 0xDF) {
      return follows(bytes, at + 1, 0x80, 0xBF) ? 2 : 0;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
      int low = lead == 0xE0 ? 0xA0 : 0x80;
      int high = lead == 0xED ? 0x9F : 0xBF;
      return follows(bytes, at + 1, low, high) && follows(bytes, at + 2, 0x80, 0xBF) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
      int low = lead == 0xF0 ? 0x90 : 0x80;
      int high = lead == 0xF4 ? 0x8F : 0xBF;
      return follows(bytes, at + 1, low, high)
              && follows(bytes, at + 2, 0x80, 0xBF)
              && follows(bytes, at + 3, 0x80, 0xBF)
          ? 4
          : 0;
    }
    return 0;
  }

  private static boolean follows(byte[] bytes, int at, int low, int high) {
    return at < bytes.length && (bytes[at] & 0xFF) >= low && (bytes[at] & 0xFF) <= high;
  }

  /**
   * Index of the first JSON escape of half a surrogate pair, or -1: legal JSON that stands for no
   * text, and that the programs behind us read differently or not at all.
   */
  static int firstLoneSurrogateEscape(byte[] json) {
    for (int at = 0; at < json.length; at++) {
      if (json[at] == '\\') {
        int unit = escapedUnit(json, at);
        if (unit >= 0xD800 && unit <= 0xDBFF) {
          int next = escapedUnit(json, at + 6);
          if (next < 0xDC00 || next > 0xDFFF) {
            return at;
          }
          at += 11;
        } else if (unit >= 0xDC00 && unit <= 0xDFFF) {
          return at;
        } else {
          at++; // whatever is escaped, a backslash included
        }
      }
    }
    return -1;
  }

  /** The UTF-16 unit that the escape at {@code at} spells, or -1 when there is none. */
  private static int escapedUnit(byte[] json, int at) {
    if (at + 6 > json.length || json[at] != '\\' || json[at + 1] != 'u') {
      return -1;
    }
    int unit = 0;
    for (int i = at + 2; i < at + 6; i++) {
      int digit = Character.digit(json[i], 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }
}
