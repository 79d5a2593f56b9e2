package io.eventpipeline.compatibility.pattern;

import io.eventpipeline.compatibility.pattern.Syntax.Chars;
import io.eventpipeline.compatibility.pattern.Syntax.Choice;
import io.eventpipeline.compatibility.pattern.Syntax.End;
import io.eventpipeline.compatibility.pattern.Syntax.Place;
import io.eventpipeline.compatibility.pattern.Syntax.Repeat;
import io.eventpipeline.compatibility.pattern.Syntax.Sequence;
import io.eventpipeline.compatibility.pattern.Syntax.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the part of ECMA-262 syntax that describes a regular language: no look-around, no back
 * references.
 *
 * <p>Engines disagree on {@code .} and {@code \s}: what RE2 matches, ECMA-262 may not. A {@link
 * Reading} says which way to round, so that a conclusion holds for all of them; or it is that of
 * one engine. Where only the ways to match are counted, word boundaries are nothing at all, and
 * braces and brackets that stand alone are themselves.
 */
final class SyntaxReader {
  /** How to round what engines disagree on. */
  enum Reading {
    /** All that any engine matches. */
    WIDE,
    /** Only what every engine matches. */
    NARROW,
    /** As JavaScript does. */
    ECMA_262,
    /** As {@code java.util.regex} does. */
    JDK,
    /** As Python's {@code re} does. */
    PYTHON;

    /** How to round what is left out. An engine leaves out exactly what it does not match. */
    Reading opposite() {
      return switch (this) {
        case WIDE -> NARROW;
        case NARROW -> WIDE;
        default -> this;
      };
    }

    boolean isOfAnEngine() {
      return this != WIDE && this != NARROW;
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

  private static final Pattern COUNT = Pattern.compile("\\{\\d{1,6}(,\\d{0,6})?\\}");
  private static final Pattern NAME = Pattern.compile("\\?P?<[A-Za-z_][A-Za-z0-9_]*>");

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
    List<Integer> starts = new ArrayList<>();
    starts.add(at);
    options.add(sequence());
    while (at < regex.length() && regex.charAt(at) == '|') {
      at++;
      starts.add(at);
      options.add(sequence());
    }
    depth--;
    return options.size() == 1 ? options.get(0) : new Choice(options, starts, at);
  }

  private Syntax sequence() throws Unsupported {
    List<Syntax> parts = new ArrayList<>();
    while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
      int from = at;
      parts.add(repeated(atom(), from));
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
      case '\\' -> escaped();
      case '*', '+', '?' -> throw new Unsupported("misplaced " + (char) point);
      case '{', '}', ']' -> {
        if (!reading.isOfAnEngine()) {
          throw new Unsupported("misplaced " + (char) point);
        }
        yield new Chars(CharSet.of(point, point));
      }
      default -> new Chars(CharSet.of(point, point));
    };
  }

  private Syntax escaped() throws Unsupported {
    if (reading.isOfAnEngine() && at < regex.length()) {
      char kind = regex.charAt(at);
      if (kind == 'b' || kind == 'B') {
        at++;
        return new Sequence(List.of());
      }
    }
    return new Chars(escape(false, reading));
  }

  private Syntax group() throws Unsupported {
    Matcher named = NAME.matcher(regex).region(at, regex.length());
    if (regex.startsWith("?:", at)) {
      at += 2;
    } else if (reading.isOfAnEngine() && named.lookingAt()) {
      at = named.end();
    } else if (regex.startsWith("?", at)) {
      throw new Unsupported("look-around, flags or a named group");
    }
    Syntax inner = choice();
    expect(')');
    return inner;
  }

  private Syntax repeated(Syntax part, int from) throws Unsupported {
    if (at >= regex.length()) {
      return part;
    }
    int quantifier = at;
    int min = 0;
    int max = Syntax.UNBOUNDED;
    switch (regex.charAt(at)) {
      case '*' -> {}
      case '+' -> min = 1;
      case '?' -> max = 1;
      case '{' -> {
        if (reading.isOfAnEngine()
            && !COUNT.matcher(regex).region(at, regex.length()).lookingAt()) {
          return part;
        }
        int[] bounds = counted();
        min = bounds[0];
        max = bounds[1];
      }
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
    return new Repeat(part, min, max, new Place(from, quantifier, at));
  }

  /** Leaves {@link #at} on the closing brace. */
  private int[] counted() throws Unsupported {
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
    return new int[] {min, max};
  }

  private CharSet charClass() throws Unsupported {
    boolean negated = at < regex.length() && regex.charAt(at) == '^';
    if (negated) {
      at++;
    }
    Reading inner = negated ? reading.opposite() : reading;
    List<CharSet> members = new ArrayList<>();
    if (at < regex.length() && regex.charAt(at) == ']') {
      throw new Unsupported("engines disagree on an empty class");
    }
    while (at < regex.length() && regex.charAt(at) != ']') {
      members.add(classRange(inner));
    }
    expect(']');
    CharSet set = CharSet.union(members);
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
      case 'p', 'P' -> property(point == 'P');
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

  private CharSet property(boolean negated) throws Unsupported {
    int end = regex.startsWith("{", at) ? regex.indexOf('}', at) : at;
    if (!reading.isOfAnEngine() || end < 0 || end >= regex.length()) {
      throw new Unsupported("a Unicode property");
    }
    String name = end == at ? regex.substring(at, at + 1) : regex.substring(at + 1, end);
    at = end + 1;
    CharSet set =
        UnicodeProperties.named(name)
            .orElseThrow(() -> new Unsupported("the Unicode property " + name));
    return negated ? set.not() : set;
  }

  private static CharSet space(Reading reading) {
    boolean wide =
        reading == Reading.WIDE || reading == Reading.ECMA_262 || reading == Reading.PYTHON;
    return wide ? SPACE_SOMEWHERE : SPACE_EVERYWHERE;
  }

  private static CharSet lineEnd(Reading reading) {
    boolean many = reading == Reading.WIDE || reading == Reading.ECMA_262 || reading == Reading.JDK;
    return many ? LINE_END_SOMEWHERE : LINE_END_EVERYWHERE;
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
