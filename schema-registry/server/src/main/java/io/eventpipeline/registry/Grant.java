package io.eventpipeline.registry;

import io.eventpipeline.registry.RegistryConfig.Rights;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the sender of a request may do.
 *
 * @param user name in the audit table
 * @param subjects patterns of event types, with {@code *} for any characters; others are out of
 *     sight
 */
public record Grant(String user, Rights rights, List<String> subjects) {
  private static final String EVERYTHING = "*";

  /** Whether this type may be read, and written by who may write at all. */
  public boolean covers(String type) {
    return subjects.stream().anyMatch(pattern -> matches(pattern, type));
  }

  private static boolean matches(String pattern, String type) {
    return Pattern.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"), type);
  }

  /** Refuses a type that is not covered. */
  public void require(String type) {
    if (!covers(type)) {
      throw new Problem(
          Problem.Code.FORBIDDEN, "The token of " + user + " does not cover '" + type + "'");
    }
  }

  /** Refuses everybody who does not cover all types: for what holds for all of them. */
  public void requireEverything() {
    if (!subjects.contains(EVERYTHING)) {
      throw new Problem(Problem.Code.FORBIDDEN, "The token of " + user + " covers not all types");
    }
  }
}
