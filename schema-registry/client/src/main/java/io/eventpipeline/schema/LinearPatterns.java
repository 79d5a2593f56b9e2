package io.eventpipeline.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;

/**
 * Patterns that match in time linear in the text (RE2), unanchored as JSON Schema asks.
 *
 * <p>A backtracking engine lets one schema and one event stop a task: {@code (a+)+$} needs 2^n
 * steps. RE2 has no look-around and no back-references; a schema that uses them is refused.
 */
final class LinearPatterns implements RegularExpressionFactory {
  static final LinearPatterns INSTANCE = new LinearPatterns();

  /** Bounds what one pattern may unfold to: RE2 copies a repeated part that many times. */
  static final int PROGRAM_SIZE_MAX = 2_000;

  private LinearPatterns() {}

  @Override
  public RegularExpression getRegularExpression(String regex) {
    Pattern pattern = compile(regex);
    return text -> pattern.matcher(text).find();
  }

  private static Pattern compile(String regex) {
    long size = UnfoldedSize.of(regex);
    if (size > PROGRAM_SIZE_MAX) {
      throw new Refused(regex, "its repetitions unfold to about " + size + " steps");
    }
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new Refused(regex, e.getDescription());
    }
  }

  /** A pattern that is not supported. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String regex, String why) {
      super("pattern '" + regex + "' is not supported: " + why + " (RE2 syntax, linear time)");
    }
  }
}
