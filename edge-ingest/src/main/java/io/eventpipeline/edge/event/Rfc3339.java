package io.eventpipeline.edge.event;

import java.time.YearMonth;

/**
 * Recognises the {@code date-time} of RFC 3339 section 5.6, of years 0001 to 9999.
 *
 * <p>Narrower than the RFC where the programs behind the edge are: no leap second, at most nine
 * digits of fraction, offsets up to 18:00.
 */
final class Rfc3339 {
  private static final int FRACTION_AT = 19;
  private static final int FRACTION_DIGITS_MAX = 9;

  private Rfc3339() {}

  /** Whether the {@code length} characters from {@code at} are one date and time with offset. */
  static boolean matches(char[] text, int at, int length) {
    if (length < FRACTION_AT + 1 || !isDateAndTime(text, at)) {
      return false;
    }
    int i = FRACTION_AT;
    if (text[at + i] == '.') {
      int digits = 0;
      while (i + 1 < length && isDigit(text[at + i + 1])) {
        i++;
        digits++;
      }
      if (digits == 0 || digits > FRACTION_DIGITS_MAX) {
        return false;
      }
      i++;
    }
    return isOffset(text, at + i, length - i);
  }

  private static boolean isDateAndTime(char[] text, int at) {
    if (text[at + 4] != '-'
        || text[at + 7] != '-'
        || (text[at + 10] | 0x20) != 't'
        || text[at + 13] != ':'
        || text[at + 16] != ':') {
      return false;
    }
    int high = number(text, at, 2);
    int low = number(text, at + 2, 2);
    int year = high < 0 || low < 0 ? -1 : high * 100 + low;
    int month = number(text, at + 5, 2);
    int day = number(text, at + 8, 2);
    return year >= 1
        && month >= 1
        && month <= 12
        && day >= 1
        && (day <= 28 || day <= YearMonth.of(year, month).lengthOfMonth())
        && isWithin(number(text, at + 11, 2), 23)
        && isWithin(number(text, at + 14, 2), 59)
        && isWithin(number(text, at + 17, 2), 59);
  }

  private static boolean isOffset(char[] text, int at, int length) {
    if (length == 1) {
      return (text[at] | 0x20) == 'z';
    }
    if (length != 6 || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':') {
      return false;
    }
    int hours = number(text, at + 1, 2);
    int minutes = number(text, at + 4, 2);
    return isWithin(minutes, 59) && hours >= 0 && hours * 60 + minutes <= 18 * 60;
  }

  private static boolean isWithin(int value, int max) {
    return value >= 0 && value <= max;
  }

  /** The number that the digits spell, or -1 when one of them is none. */
  private static int number(char[] text, int at, int digits) {
    int value = 0;
    for (int i = at; i < at + digits; i++) {
      if (!isDigit(text[i])) {
        return -1;
      }
      value = value * 10 + (text[i] - '0');
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
