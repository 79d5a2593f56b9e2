package io.eventpipeline.job;

import java.time.Instant;
import java.util.Arrays;

/**
 * JSON as UTF-8 in one growing array, for code that knows its shape: nothing checks that braces and
 * commas match. Not thread-safe.
 *
 * <p>A general writer took 12 % of the job's time, most of it for names that never change and for
 * decimals and times that went through objects.
 */
final class JsonBytes {
  private static final int ESCAPED_BYTES_MAX = 6; // backslash, u, four hex digits
  private static final int NUMBER_BYTES_MAX = 24;
  private static final int TIME_BYTES_MAX = 48;
  private static final long MICROS = 1_000_000;
  private static final long DAY_SECONDS = 86_400;
  private static final long YEAR_0_MICROS = -62_167_219_200L * MICROS;
  private static final long YEAR_10000_MICROS = 253_402_300_800L * MICROS;
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
  };

  private byte[] bytes;
  private int size;

  JsonBytes(int capacity) {
    bytes = new byte[capacity];
  }

  /** What was written, in an array of its own. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** Bytes that are JSON already. */
  JsonBytes raw(byte[] json, int offset, int length) {
    reserve(length);
    System.arraycopy(json, offset, bytes, size, length);
    size += length;
    return this;
  }

  /** Characters that are JSON already; ASCII only. */
  @SuppressWarnings("deprecation") // drops the high bytes, of which ASCII has none, and copies once
  JsonBytes raw(String ascii) {
    reserve(ascii.length());
    ascii.getBytes(0, ascii.length(), bytes, size);
    size += ascii.length();
    return this;
  }

  /** A string in quotes, escaped; a lone surrogate becomes {@code ?}, as UTF-8 has none. */
  JsonBytes string(String text) {
    int length = text.length();
    reserve(length * ESCAPED_BYTES_MAX + 2);
    bytes[size++] = '"';
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        i = beyondAscii(text, i);
      } else if (c == '"' || c == '\\') {
        bytes[size++] = '\\';
        bytes[size++] = (byte) c;
      } else if (c < 0x20) {
        raw("\\u00");
        bytes[size++] = HEX[c >> 4];
        bytes[size++] = HEX[c & 0xf];
      } else {
        bytes[size++] = (byte) c;
      }
    }
    bytes[size++] = '"';
    return this;
  }

  /** Writes the character at {@code i} and returns the index of its last half. */
  private int beyondAscii(String text, int i) {
    int code = text.codePointAt(i);
    if (code < 0x800) {
      bytes[size++] = (byte) (0xC0 | (code >> 6));
    } else if (code >= Character.MIN_SUPPLEMENTARY_CODE_POINT) {
      bytes[size++] = (byte) (0xF0 | (code >> 18));
      bytes[size++] = (byte) (0x80 | ((code >> 12) & 0x3F));
      bytes[size++] = (byte) (0x80 | ((code >> 6) & 0x3F));
    } else if (Character.isSurrogate((char) code)) {
      bytes[size++] = '?';
      return i;
    } else {
      bytes[size++] = (byte) (0xE0 | (code >> 12));
      bytes[size++] = (byte) (0x80 | ((code >> 6) & 0x3F));
    }
    bytes[size++] = (byte) (0x80 | (code & 0x3F));
    return i + Character.charCount(code) - 1;
  }

  JsonBytes number(long value) {
    if (value == Long.MIN_VALUE) {
      return raw(Long.toString(value)); // has no opposite
    }
    reserve(NUMBER_BYTES_MAX);
    if (value < 0) {
      bytes[size++] = '-';
    }
    long magnitude = Math.abs(value);
    digits(magnitude, digitsOf(magnitude));
    return this;
  }

  /** A decimal with four places, from 1/10,000. */
  JsonBytes decimal4(long valueE4) {
    if (valueE4 < 0) {
      raw("-");
    }
    reserve(NUMBER_BYTES_MAX);
    number(Math.abs(valueE4 / 10_000));
    bytes[size++] = '.';
    digits(Math.abs(valueE4 % 10_000), 4);
    return this;
  }

  JsonBytes bool(boolean value) {
    return raw(value ? "true" : "false");
  }

  /** RFC 3339 in UTC, in quotes, with as many groups of three decimals as are not zero. */
  JsonBytes time(long micros) {
    if (micros < YEAR_0_MICROS || micros >= YEAR_10000_MICROS) {
      long seconds = Math.floorDiv(micros, MICROS);
      long nanos = Math.floorMod(micros, MICROS) * 1_000;
      return raw("\"").raw(Instant.ofEpochSecond(seconds, nanos).toString()).raw("\"");
    }
    reserve(TIME_BYTES_MAX);
    long seconds = Math.floorDiv(micros, MICROS);
    bytes[size++] = '"';
    date(Math.floorDiv(seconds, DAY_SECONDS));
    long second = Math.floorMod(seconds, DAY_SECONDS);
    bytes[size++] = 'T';
    digits(second / 3_600, 2);
    bytes[size++] = ':';
    digits(second / 60 % 60, 2);
    bytes[size++] = ':';
    digits(second % 60, 2);
    long fraction = Math.floorMod(micros, MICROS);
    if (fraction != 0) {
      bytes[size++] = '.';
      digits(fraction % 1_000 == 0 ? fraction / 1_000 : fraction, fraction % 1_000 == 0 ? 3 : 6);
    }
    bytes[size++] = 'Z';
    bytes[size++] = '"';
    return this;
  }

  /**
   * Year, month and day of a day since 1970, years 0 to 9999. Counts years from March, so that the
   * leap day is the last of its year (Howard Hinnant, "chrono-compatible low-level date
   * algorithms").
   */
  private void date(long epochDay) {
    long day = epochDay + 719_468; // since 0000-03-01
    long era = Math.floorDiv(day, 146_097); // of 400 years
    long dayOfEra = day - era * 146_097;
    long yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    long monthFromMarch = (5 * dayOfYear + 2) / 153;
    long month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
    digits(era * 400 + yearOfEra + (month <= 2 ? 1 : 0), 4);
    bytes[size++] = '-';
    digits(month, 2);
    bytes[size++] = '-';
    digits(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, 2);
  }

  /** The last {@code count} digits of a number that is not negative; the caller has reserved. */
  private void digits(long number, int count) {
    long rest = number;
    for (int at = size + count - 1; at >= size; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += count;
  }

  private static int digitsOf(long number) {
    int count = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      count++;
    }
    return count;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 3 / 2));
    }
  }
}
