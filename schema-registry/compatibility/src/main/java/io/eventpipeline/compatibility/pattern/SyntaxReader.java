package io.eventpipeline.compatibility.pattern;

import io.eventpipeline.compatibility.pattern.Syntax.Chars;
import io.eventpipeline.compatibility.pattern.Syntax.Choice;
import io.eventpipeline.compatibility.pattern.Syntax.End;
import io.eventpipeline.compatibility.pattern.Syntax.Repeat;
import io.eventpipeline.compatibility.pattern.Syntax.Sequence;
import io.eventpipeline.compatibility.pattern.Syntax.Start;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the part of ECMA-262 syntax that describes a regular language: no look-around, no back
 * references, no word boundaries, no Unicode properties.
 *
 * <p>Engines disagree on {@code .} and {@code \s}: what RE2 matches, ECMA-262 may not. A {@link
 * Reading} says which way to round, so that a conclusion holds for all of them.
 */
final class SyntaxReader {
  /** How to round what engines disagree on. */
  enum Reading {
    /** All that any engine matches. */
    WIDE,
    /** Only what every engine matches. */
    NARROW;

    Reading opposite() {
      return this == WIDE ? NARROW : WIDE;
    }
  }

  /** The expression is outside of the part that is read here. */
  static final class Unsupported extends Exception {
    private static final long serialVersionUID = 1L;

    Unsupported(String message) {
      super(message, null, false, false);
    }
  }

  private static final int DEPTH_MAX = 50;
  private static final int REPEAT_MAX = 1_000;

  private static final CharSet DIGIT = CharSet.of('0', '9');
  private static final CharSet WORD =
      DIGIT.or(CharSet.of('a', 'z')).or(CharSet.of('A', 'Z')).or(CharSet.of("_"));
  private static final CharSet SPACE_EVERYWHERE = CharSet.of(" \t\n\f\r");
  private static final CharSet SPACE_SOMEWHERE =
      SPACE_EVERYWHERE
          .or(CharSet.of("\u000b\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"))
          .or(CharSet.of(0x2000, 0x200a));
  private static final CharSet LINE_END_EVERYWHERE = CharSet.of("\n");
  private static final CharSet LINE_END_SOMEWHERE = CharSet.of("\n\r\u0085\u2028\u2029");

  private final String regex;
  private final Reading reading;
  private int at;
  private int depth;

  private SyntaxReader(String regex, Reading reading) {
    this.regex = regex;
    this.reading = reading;
  }

  static Syntax read(String regex, Reading reading) throws Unsupported {
    SyntaxReader reader = new SyntaxReader(regex, reading);
    Syntax all = reader.choice();
    if (reader.at < regex.length()) {
      throw new Unsupported("unbalanced )");
    }
    return all;
  }

  private Syntax choice() throws Unsupported {
    if (++depth > DEPTH_MAX) {
      throw new Unsupported("nested too deeply");
    }
    List<Syntax> options = new ArrayList<>();
    options.add(sequence());
    while (at < regex.length() && regex.charAt(at) == '|') {
      at++;
      options.add(sequence());
    }
    depth--;
    return options.size() == 1 ? options.get(0) : new Choice(options);
  }

  private Syntax sequence() throws Unsupported {
    List<Syntax> parts = new ArrayList<>();
    while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
      parts.add(repeated(atom()));
    }
    return new Sequence(parts);
  }

  private Syntax atom() throws Unsupported {
    int point = next();
    return switch (point) {
      case '^' -> new Start();
      case '$' -> new End();
      case '.' -> new Chars(lineEnd(reading.opposite()).not());
      case '(' -> group();
      case '[' -> new Chars(charClass());
      case '\\' -> new Chars(escape(false, reading));
      case '*', '+', '?', '{', '}', ']' -> throw new Unsupported("misplaced " + (char) point);
      default -> new Chars(CharSet.of(point, point));
    };
  }

  private Syntax group() throws Unsupported {
    if (regex.startsWith("?:", at)) {
      at += 2;
    } else if (regex.startsWith("?", at)) {
      throw new Unsupported("look-around or named group");
    }
    Syntax inner = choice();
    expect(')');
    return inner;
  }

  private Syntax repeated(Syntax part) throws Unsupported {
    if (at >= regex.length()) {
      return part;
    }
    Repeat repeat;
    switch (regex.charAt(at)) {
      case '*' -> repeat = new Repeat(part, 0, Syntax.UNBOUNDED);
      case '+' -> repeat = new Repeat(part, 1, Syntax.UNBOUNDED);
      case '?' -> repeat = new Repeat(part, 0, 1);
      case '{' -> repeat = counted(part);
      default -> {
        return part;
      }
    }
    at++;
    if (at < regex.length() && regex.charAt(at) == '?') {
      at++; // lazy: another match, the same language
    }
    if (at < regex.length() && "*+?{".indexOf(regex.charAt(at)) >= 0) {
      throw new Unsupported("possessive or doubled quantifier");
    }
    return repeat;
  }

  /** Leaves {@link #at} on the closing brace. */
  private Repeat counted(Syntax part) throws Unsupported {
    int end = regex.indexOf('}', at);
    String body = end < 0 ? "" : regex.substring(at + 1, end);
    if (!body.matches("\\d{1,6}(,\\d{0,6})?")) {
      throw new Unsupported("not a quantifier: {" + body);
    }
    String[] bounds = body.split(",", -1);
    int min = Integer.parseInt(bounds[0]);
    int max = min;
    if (bounds.length == 2) {
      max = bounds[1].isEmpty() ? Syntax.UNBOUNDED : Integer.parseInt(bounds[1]);
    }
    if (min > REPEAT_MAX || max > REPEAT_MAX || (max != Syntax.UNBOUNDED && max < min)) {
      throw new Unsupported("quantifier out of range: {" + body + "}");
    }
    at = end;
    return new Repeat(part, min, max);
  }

  private CharSet charClass() throws Unsupported {
    boolean negated = at < regex.length() && regex.charAt(at) == '^';
    if (negated) {
      at++;
    }
    Reading inner = negated ? reading.opposite() : reading;
    CharSet set = CharSet.of("");
    if (at < regex.length() && regex.charAt(at) == ']') {
      throw new Unsupported("engines disagree on an empty class");
    }
    while (at < regex.length() && regex.charAt(at) != ']') {
      set = set.or(classRange(inner));
    }
    expect(']');
    return negated ? set.not() : set;
  }

  private CharSet classRange(Reading inner) throws Unsupported {
    boolean escaped = regex.charAt(at) == '\\';
    int point = next();
    if (point == '[' || (point == '&' && regex.startsWith("&", at))) {
      throw new Unsupported("engines disagree on nested classes");
    }
    CharSet first = escaped ? escape(true, inner) : CharSet.of(point, point);
    boolean range =
        regex.startsWith("-", at) && at + 1 < regex.length() && regex.charAt(at + 1) != ']';
    if (!range) {
      return first;
    }
    at++;
    escaped = regex.charAt(at) == '\\';
    point = next();
    CharSet last = escaped ? escape(true, inner) : CharSet.of(point, point);
    int from = single(first);
    int to = single(last);
    if (from > to) {
      throw new Unsupported("range out of order");
    }
    return CharSet.of(from, to);
  }

  private static int single(CharSet set) throws Unsupported {
    if (set.ranges().size() != 1 || set.ranges().get(0).from() != set.ranges().get(0).to()) {
      throw new Unsupported("a class as the end of a range");
    }
    return set.ranges().get(0).from();
  }

  private CharSet escape(boolean inClass, Reading inner) throws Unsupported {
    int point = next();
    return switch (point) {
      case 'd' -> DIGIT;
      case 'D' -> DIGIT.not();
      case 'w' -> WORD;
      case 'W' -> WORD.not();
      case 's' -> space(inner);
      case 'S' -> space(inner.opposite()).not();
      case 't' -> CharSet.of("\t");
      case 'n' -> CharSet.of("\n");
      case 'r' -> CharSet.of("\r");
      case 'f' -> CharSet.of("\f");
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      default -> {
        boolean letter = Character.isLetterOrDigit(point);
        if (letter || (inClass && point == 'b')) {
          throw new Unsupported("escape \\" + Character.toString(point));
        }
        yield CharSet.of(point, point);
      }
    };
  }

  private CharSet hex(int digits) throws Unsupported {
    String text = regex.substring(at, Math.min(regex.length(), at + digits));
    if (!text.matches("[0-9a-fA-F]{" + digits + "}")) {
      throw new Unsupported("escape \\x or \\u without " + digits + " digits");
    }
    at += digits;
    int point = Integer.parseInt(text, 16);
    if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
      throw new Unsupported("half of a surrogate pair");
    }
    return CharSet.of(point, point);
  }

  private static CharSet space(Reading reading) {
    return reading == Reading.WIDE ? SPACE_SOMEWHERE : SPACE_EVERYWHERE;
  }

  private static CharSet lineEnd(Reading reading) {
    return reading == Reading.WIDE ? LINE_END_SOMEWHERE : LINE_END_EVERYWHERE;
  }

  private int next() throws Unsupported {
    if (at >= regex.length()) {
      throw new Unsupported("ends too early");
    }
    int point = regex.codePointAt(at);
    at += Character.charCount(point);
    return point;
  }

  private void expect(char wanted) throws Unsupported {
    if (at >= regex.length() || regex.charAt(at) != wanted) {
      throw new Unsupported("missing " + wanted);
    }
    at++;
  }
}
