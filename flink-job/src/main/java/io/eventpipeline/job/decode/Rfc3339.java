package io.eventpipeline.job.decode;

import java.time.LocalDate;
import java.time.YearMonth;

/**
 * Reads RFC 3339 timestamps, the format of CloudEvents {@code time}, to microseconds.
 *
 * <p>By hand, since this runs for every event: the JDK's parser takes about ten times as long.
 */
final class Rfc3339 {
  /** What {@link #micros} answers for text in another format. */
  static final long INVALID = Long.MIN_VALUE;

  private static final int FRACTION_DIGITS = 6;
  private static final long MICROS = 1_000_000L;
  private static final int INVALID_INDEX = -1;
  private static final int INVALID_OFFSET = Integer.MIN_VALUE;
  private static final int OFFSET_SECONDS_MAX = 18 * 3_600;

  private Rfc3339() {}

  /**
   * Microseconds since the epoch; finer digits are cut off. As the edge holds it: no leap second,
   * at most nine digits of fraction, offsets up to 18:00.
   */
  static long micros(String text) {
    if (text.length() < 20
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || (text.charAt(10) | 0x20) != 't'
        || text.charAt(13) != ':'
        || text.charAt(16) != ':') {
      return INVALID;
    }
    int year = number(text, 0, 4);
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    if (year < 1
        || month < 1
        || month > 12
        || day < 1
        || (day > 28 && day > YearMonth.of(year, month).lengthOfMonth())
        || hour < 0
        || hour > 23
        || minute < 0
        || minute > 59
        || second < 0
        || second > 59) {
      return INVALID;
    }
    int zone = fractionEnd(text);
    long fraction = fraction(text, zone);
    int offset = zone == INVALID_INDEX ? INVALID_OFFSET : offsetSeconds(text, zone);
    if (offset == INVALID_OFFSET) {
      return INVALID;
    }
    long seconds =
        LocalDate.of(year, month, day).toEpochDay() * 86_400L
            + hour * 3_600L
            + minute * 60L
            + second
            - offset;
    return seconds * MICROS + fraction;
  }

  /** Index of the first character after the seconds and their fraction. */
  private static int fractionEnd(String text) {
    if (text.charAt(19) != '.') {
      return 19;
    }
    int at = 20;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    return at == 20 || at > 29 ? INVALID_INDEX : at;
  }

  private static long fraction(String text, int end) {
    long micros = 0;
    for (int digit = 0; digit < FRACTION_DIGITS; digit++) {
      int at = 20 + digit;
      micros = micros * 10 + (at < end ? text.charAt(at) - '0' : 0);
    }
    return micros;
  }

  private static int offsetSeconds(String text, int at) {
    int rest = text.length() - at;
    if (rest == 1 && (text.charAt(at) | 0x20) == 'z') {
      return 0;
    }
    if (rest != 6 || text.charAt(at + 3) != ':') {
      return INVALID_OFFSET;
    }
    char sign = text.charAt(at);
    int hours = number(text, at + 1, at + 3);
    int minutes = number(text, at + 4, at + 6);
    if ((sign != '+' && sign != '-') || hours < 0 || minutes < 0 || minutes > 59) {
      return INVALID_OFFSET;
    }
    int seconds = hours * 3_600 + minutes * 60;
    return seconds > OFFSET_SECONDS_MAX ? INVALID_OFFSET : sign == '-' ? -seconds : seconds;
  }

  private static int number(String text, int from, int to) {
    int value = 0;
    for (int at = from; at < to; at++) {
      if (!isDigit(text.charAt(at))) {
        return -1;
      }
      value = value * 10 + text.charAt(at) - '0';
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
