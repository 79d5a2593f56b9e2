package io.eventpipeline.schema;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * About how many instructions a regular expression compiles to, without compiling it.
 *
 * <p>RE2J limits one repetition to 1000 and not their product: {@code ((a{1000}){1000}){1000}}
 * exhausts a heap of 1 GB before it fails. One pass over the text, no recursion.
 */
final class UnfoldedSize {
  private static final long CEILING = 1_000_000_000L;

  private final String regex;
  private final Deque<Long> outer = new ArrayDeque<>();
  private int at;
  private long total;
  private long last;

  private UnfoldedSize(String regex) {
    this.regex = regex;
  }

  /** The estimate; never below the number of copies that nested repetitions make. */
  static long of(String regex) {
    return new UnfoldedSize(regex).measure();
  }

  private long measure() {
    while (at < regex.length()) {
      char c = regex.charAt(at++);
      switch (c) {
        case '\\' -> atom(this::skipEscape);
        case '[' -> atom(this::skipClass);
        case '(' -> open();
        case ')' -> close();
        case '{' -> repeat();
        case '*', '+', '?' -> last = Math.max(last, 1);
        default -> atom(() -> {});
      }
    }
    while (!outer.isEmpty()) {
      close();
    }
    return total + last;
  }

  private void atom(Runnable skip) {
    skip.run();
    total = Math.min(CEILING, total + last);
    last = 1;
  }

  private void open() {
    outer.push(Math.min(CEILING, total + last));
    total = 0;
    last = 1;
  }

  private void close() {
    long group = total + last;
    total = outer.isEmpty() ? 0 : outer.pop();
    last = Math.min(CEILING, group);
  }

  /** {@code {n}}, {@code {n,}} and {@code {n,m}} copy what stands before them. */
  private void repeat() {
    int end = regex.indexOf('}', at);
    String bounds = end < 0 ? "" : regex.substring(at, end);
    if (bounds.matches("\\d{1,9}(,\\d{0,9})?")) {
      long copies = 1;
      for (String bound : bounds.split(",", -1)) {
        copies = Math.max(copies, bound.isEmpty() ? 1 : Long.parseLong(bound) + 1);
      }
      last = Math.min(CEILING, Math.max(last, 1) * copies);
      at = end + 1;
    } else {
      atom(() -> {});
    }
  }

  private void skipEscape() {
    if (at < regex.length()) {
      char kind = regex.charAt(at++);
      if ((kind == 'p' || kind == 'P' || kind == 'x') && at < regex.length()) {
        int end = regex.charAt(at) == '{' ? regex.indexOf('}', at) : -1;
        at = end < 0 ? at : end + 1;
      }
    }
  }

  private void skipClass() {
    if (at < regex.length() && regex.charAt(at) == '^') {
      at++;
    }
    if (at < regex.length() && regex.charAt(at) == ']') {
      at++;
    }
    while (at < regex.length() && regex.charAt(at) != ']') {
      boolean named = regex.startsWith("[:", at) && regex.indexOf(":]", at + 2) > 0;
      if (named) {
        at = regex.indexOf(":]", at + 2) + 2;
      } else {
        at += regex.charAt(at) == '\\' ? 2 : 1;
      }
    }
    at++;
  }
}
