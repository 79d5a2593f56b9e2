package io.eventpipeline.schema;

import com.networknt.schema.Error;
import java.util.ArrayList;
import java.util.List;

/** Turns the validator's errors into {@link Violation}s, and stops it after the first ones. */
final class Violations {
  private Violations() {}

  static Violation of(Error error) {
    String pointer = error.getInstanceLocation().toString();
    String member = error.getProperty();
    if (member != null) {
      pointer += "/" + member.replace("~", "~0").replace("/", "~1");
    }
    String keyword = error.getKeyword() == null ? "" : error.getKeyword();
    return new Violation(pointer, keyword, error.getMessage());
  }

  /** At most {@link Violation#MESSAGE_CHARS_MAX} characters of {@code text}. */
  static String shorten(String text) {
    return text.length() <= Violation.MESSAGE_CHARS_MAX
        ? text
        : text.substring(0, Violation.MESSAGE_CHARS_MAX - 1) + "…";
  }

  /**
   * Takes the first {@link SchemaLimits#VIOLATIONS_MAX} errors and ends the validation with the
   * next: an event of a megabyte must not yield a hundred thousand explanations.
   */
  static final class First extends ArrayList<Error> {
    @Override
    public boolean add(Error error) {
      if (size() == SchemaLimits.VIOLATIONS_MAX) {
        throw new Enough();
      }
      return super.add(error);
    }

    List<Violation> toViolations() {
      return stream().map(Violations::of).toList();
    }
  }

  /** Control flow only, hence without a stack trace. */
  static final class Enough extends RuntimeException {
    Enough() {
      super("enough violations", null, false, false);
    }
  }
}
