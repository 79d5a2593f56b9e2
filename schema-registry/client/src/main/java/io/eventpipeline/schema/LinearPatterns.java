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
    return new Familiar(compile(regex));
  }

  /**
   * Knows short texts again that have matched before: a currency is one of a few, and to compare
   * two texts takes a fraction of a match. Any thread; what one overwrites or does not see yet is
   * only matched again.
   */
  private static final class Familiar implements RegularExpression {
    private static final int TEXTS = 32;
    private static final int CHARS_MAX = 16;

    private final Pattern pattern;
    private final String[] matched = new String[TEXTS]; // by hash

    Familiar(Pattern pattern) {
      this.pattern = pattern;
    }

    @Override
    public boolean matches(String text) {
      if (text.length() > CHARS_MAX) {
        return pattern.matcher(text).find();
      }
      int place = text.hashCode() & (TEXTS - 1);
      if (text.equals(matched[place])) {
        return true;
      }
      boolean matches = pattern.matcher(text).find();
      if (matches) {
        matched[place] = text;
      }
      return matches;
    }
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
