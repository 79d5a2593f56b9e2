package io.eventpipeline.edge.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Strict UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF). */
public final class Utf8 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long ONES = 0x0101010101010101L;
  private static final long BACKSLASHES = '\\' * ONES;

  private Utf8() {}

  /** Index of the first byte of the range that is not part of a character, or -1. */
  public static int malformedAt(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (to - at >= Long.BYTES && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
        at += Long.BYTES;
      } else if (bytes[at] >= 0) {
        at++;
      } else {
        int length = characterLength(bytes, at, to);
        if (length == 0) {
          return at;
        }
        at += length;
      }
    }
    return -1;
  }

  /**
   * Bytes of the character that starts with the non-ASCII byte at {@code at}, or 0 if none does.
   */
  private static int characterLength(byte[] bytes, int at, int to) {
    int first = bytes[at] & 0xFF;
    int second = at + 1 < to ? bytes[at + 1] & 0xFF : 0;
    if (first < 0xC2 || first > 0xF4) {
      return 0;
    }
    if (first < 0xE0) {
      return isContinuation(second) ? 2 : 0;
    }
    if (first < 0xF0) {
      boolean secondFits =
          first == 0xE0
              ? second >= 0xA0 && second <= 0xBF
              : first == 0xED ? second >= 0x80 && second <= 0x9F : isContinuation(second);
      return secondFits && at + 2 < to && isContinuation(bytes[at + 2] & 0xFF) ? 3 : 0;
    }
    boolean secondFits =
        first == 0xF0
            ? second >= 0x90 && second <= 0xBF
            : first == 0xF4 ? second >= 0x80 && second <= 0x8F : isContinuation(second);
    return secondFits
            && at + 3 < to
            && isContinuation(bytes[at + 2] & 0xFF)
            && isContinuation(bytes[at + 3] & 0xFF)
        ? 4
        : 0;
  }

  private static boolean isContinuation(int value) {
    return (value & 0xC0) == 0x80;
  }

  /**
   * Index of the first escape (backslash, u, four digits) of a surrogate without its partner, or
   * -1. The grammar of JSON allows it, but it denotes no character: every program behind the edge
   * would replace it by another one (RFC 8259 section 8.2, RFC 7493 section 2.1).
   */
  static int loneSurrogateAt(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (to - at >= Long.BYTES && !hasBackslash((long) LONGS.get(bytes, at))) {
        at += Long.BYTES;
      } else if (bytes[at] != '\\') {
        at++;
      } else {
        int unit = escapedUnit(bytes, at, to);
        if (unit < 0 || !Character.isSurrogate((char) unit)) {
          at += 2; // digits of other escapes hold no backslash: walked as ordinary bytes
        } else if (Character.isHighSurrogate((char) unit)
            && isEscapedLowSurrogate(bytes, at + 6, to)) {
          at += 12;
        } else {
          return at;
        }
      }
    }
    return -1;
  }

  private static boolean hasBackslash(long eightBytes) {
    long zeroWhereBackslash = eightBytes ^ BACKSLASHES;
    return ((zeroWhereBackslash - ONES) & ~zeroWhereBackslash & HIGH_BITS) != 0;
  }

  private static boolean isEscapedLowSurrogate(byte[] bytes, int at, int to) {
    int unit = escapedUnit(bytes, at, to);
    return unit >= 0 && Character.isLowSurrogate((char) unit);
  }

  /** The UTF-16 unit escaped at {@code at}, or -1 when there is no such escape. */
  private static int escapedUnit(byte[] bytes, int at, int to) {
    if (at + 6 > to || bytes[at] != '\\' || bytes[at + 1] != 'u') {
      return -1;
    }
    int unit = 0;
    for (int i = at + 2; i < at + 6; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit < 0) {
        return -1;
      }
      unit = (unit << 4) | digit;
    }
    return unit;
  }
}
