package io.eventpipeline.config;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;

/** Conditions that a config record holds; a broken one names the key and the value. */
public final class Check {
  private Check() {}

  /**
   * Throws {@link IllegalArgumentException} with {@code message} formatted, unless {@code
   * condition}.
   */
  @FormatMethod
  public static void that(boolean condition, @FormatString String message, Object... args) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(message, args));
    }
  }
}
