package io.eventpipeline.launcher.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Arrays;

/**
 * Writes one JSON object after the other into the same buffer.
 *
 * <p>Names and texts come from this package and need no escapes, which is why there are none: a
 * general writer costs several times as much, on the two cores that the measured system runs on.
 */
final class JsonLine {
  private byte[] buffer = new byte[4_096];
  private int length;
  private boolean numbersAsText;
  private boolean first;

  /** Forgets what was written. */
  void clear() {
    length = 0;
    numbersAsText = false;
    first = true;
  }

  /** From now on numbers are quoted, which no schema of the shop allows. */
  void numbersAsText() {
    numbersAsText = true;
  }

  JsonLine beginObject() {
    return begin('{');
  }

  JsonLine beginArray() {
    return begin('[');
  }

  /** Starts the next object of an array. */
  JsonLine item() {
    separate();
    return beginObject();
  }

  JsonLine endObject() {
    return end('}');
  }

  JsonLine endArray() {
    return end(']');
  }

  /** The name of the member whose value comes next. */
  JsonLine name(String name) {
    separate();
    put('"');
    ascii(name);
    put('"');
    put(':');
    return this;
  }

  JsonLine text(String name, String value) {
    name(name);
    put('"');
    ascii(value);
    put('"');
    return this;
  }

  /** A text that is UTF-8 already. */
  JsonLine text(String name, byte[] value) {
    name(name);
    put('"');
    reserve(value.length);
    System.arraycopy(value, 0, buffer, length, value.length);
    length += value.length;
    put('"');
    return this;
  }

  JsonLine text(String name, String prefix, long number) {
    name(name);
    put('"');
    ascii(prefix);
    digits(number);
    put('"');
    return this;
  }

  JsonLine number(String name, long value) {
    name(name);
    quote();
    digits(value);
    quote();
    return this;
  }

  /** An amount in hundredths, with two decimals unless it is whole. */
  JsonLine money(String name, long hundredths) {
    name(name);
    quote();
    digits(hundredths / 100);
    long fraction = hundredths % 100;
    if (fraction != 0) {
      put('.');
      put((char) ('0' + fraction / 10));
      put((char) ('0' + fraction % 10));
    }
    quote();
    return this;
  }

  JsonLine time(String name, long epochMillis) {
    return text(name, Instant.ofEpochMilli(epochMillis).toString());
  }

  /** A copy of what was written since {@link #clear}. */
  byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }

  @Override
  public String toString() {
    return new String(buffer, 0, length, UTF_8);
  }

  private JsonLine begin(char bracket) {
    put(bracket);
    first = true;
    return this;
  }

  private JsonLine end(char bracket) {
    put(bracket);
    first = false;
    return this;
  }

  private void separate() {
    if (!first) {
      put(',');
    }
    first = false;
  }

  private void quote() {
    if (numbersAsText) {
      put('"');
    }
  }

  private void digits(long value) {
    if (value >= 10) {
      digits(value / 10);
    }
    put((char) ('0' + value % 10));
  }

  private void ascii(String text) {
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      buffer[length++] = (byte) text.charAt(i);
    }
  }

  private void put(char character) {
    reserve(1);
    buffer[length++] = (byte) character;
  }

  private void reserve(int more) {
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }
}
