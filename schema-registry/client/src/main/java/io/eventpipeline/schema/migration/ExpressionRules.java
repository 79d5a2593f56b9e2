package io.eventpipeline.schema.migration;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an expression may be made of, told from its text before it is compiled: names that are
 * there, no regular expression, not too long and not nested too deeply. Splits the text as the
 * library does, and refuses where the two could see different things.
 */
final class ExpressionRules {
  /** JSONata's functions that a migration may use; each is linear in what it is given. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "abs",
          "append",
          "assert",
          "average",
          "boolean",
          "ceil",
          "contains",
          "count",
          "each",
          "error",
          "exists",
          "filter",
          "floor",
          "fromMillis",
          "join",
          "keys",
          "length",
          "lookup",
          "lowercase",
          "map",
          "max",
          "merge",
          "min",
          "not",
          "number",
          "power",
          "reduce",
          "replace",
          "reverse",
          "round",
          "sift",
          "single",
          "sort",
          "split",
          "spread",
          "sqrt",
          "string",
          "substring",
          "substringAfter",
          "substringBefore",
          "sum",
          "toMillis",
          "trim",
          "type",
          "uppercase",
          "zip");

  /** The others: they run text, give another answer each time, or cost what nobody can tell. */
  static final Set<String> REFUSED =
      Set.of(
          "base64decode",
          "base64encode",
          "decodeUrl",
          "decodeUrlComponent",
          "distinct",
          "encodeUrl",
          "encodeUrlComponent",
          "eval",
          "formatBase",
          "formatInteger",
          "formatNumber",
          "match",
          "millis",
          "now",
          "pad",
          "parseInteger",
          "random",
          "shuffle");

  private static final String OPERATORS = ".[]{}(),@#;:?+-*/%|=<>^&!~";
  private static final String SPACE = " \t\n\r";

  /** Names to JSONata in one place and operators in another. */
  private static final Set<String> WORDS = Set.of("and", "or", "in");

  private final String text;
  private final Map<String, Integer> used = new LinkedHashMap<>(); // first position of each
  private final Set<String> declared = new HashSet<>();
  private int at;
  private int nesting;
  private String before = ""; // the token before, without spaces and comments
  private int parameters = -1; // nesting of the brackets around a function's parameters

  private ExpressionRules(String text) {
    this.text = text;
  }

  static void check(String text) throws MigrationRejectedException {
    if (text.isBlank() || text.length() > MigrationLimits.EXPRESSION_CHARS_MAX) {
      throw new MigrationRejectedException(
          0, "a migration has 1 to " + MigrationLimits.EXPRESSION_CHARS_MAX + " characters");
    }
    ExpressionRules rules = new ExpressionRules(text);
    while (rules.at < text.length()) {
      rules.next();
    }
    for (Map.Entry<String, Integer> name : rules.used.entrySet()) {
      if (!rules.declared.contains(name.getKey()) && !FUNCTIONS.contains(name.getKey())) {
        throw new MigrationRejectedException(
            name.getValue(),
            REFUSED.contains(name.getKey())
                ? "$" + name.getKey() + " is not part of migrations"
                : "there is no $" + name.getKey() + "; functions are " + new TreeSet<>(FUNCTIONS));
      }
    }
  }

  private void next() throws MigrationRejectedException {
    char c = text.charAt(at);
    if (SPACE.indexOf(c) >= 0) {
      at++;
    } else if (c == '/' && text.startsWith("/*", at)) {
      int end = text.indexOf("*/", at + 2);
      if (end < 0) {
        throw new MigrationRejectedException(at, "a comment without an end");
      }
      at = end + 2;
    } else if (c == '"' || c == '\'') {
      string(c);
    } else if (c == '`') {
      int end = text.indexOf('`', at + 1);
      if (end < 0) {
        throw new MigrationRejectedException(at, "a name without an end");
      }
      token("`", end + 1);
    } else if (OPERATORS.indexOf(c) >= 0) {
      operator(c);
    } else {
      word();
    }
  }

  private void string(char quote) throws MigrationRejectedException {
    int end = at + 1;
    while (end < text.length() && text.charAt(end) != quote) {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= text.length()) {
      throw new MigrationRejectedException(at, "a string without an end");
    }
    token("\"", end + 1);
  }

  private void operator(char c) throws MigrationRejectedException {
    if (c == '/' && !isOperand(before)) {
      throw new MigrationRejectedException(
          at,
          "regular expressions are not part of migrations, for they can take for ever (if this is"
              + " a division, put what stands before it into brackets)");
    }
    if ("([{".indexOf(c) >= 0) {
      nesting++;
      if (nesting > MigrationLimits.NESTING_MAX) {
        throw new MigrationRejectedException(
            at, "nested deeper than " + MigrationLimits.NESTING_MAX);
      }
      if (c == '(' && (before.equals("function") || before.equals("\u03bb"))) {
        parameters = nesting;
      }
    } else if (")]}".indexOf(c) >= 0) {
      if (parameters == nesting) {
        parameters = -1;
      }
      nesting--;
    }
    token(text.startsWith(":=", at) ? ":=" : String.valueOf(c), at + 1);
  }

  /** A name, a number or a variable: up to a space or an operator, quotes being part of it. */
  private void word() throws MigrationRejectedException {
    int end = at;
    while (end < text.length()
        && SPACE.indexOf(text.charAt(end)) < 0
        && OPERATORS.indexOf(text.charAt(end)) < 0) {
      char c = text.charAt(end);
      boolean dollar = c == '$' && text.substring(at, end).chars().allMatch(b -> b == '$');
      if (!Character.isLetterOrDigit(c) && c != '_' && !dollar) {
        throw new MigrationRejectedException(
            end, "'" + c + "' in a name: put the name into backticks");
      }
      end++;
    }
    String word = text.substring(at, end);
    if (word.startsWith("$") && !word.equals("$") && !word.equals("$$")) {
      variable(word.substring(1), end);
    }
    token(word, end);
  }

  private void variable(String name, int end) {
    int following = end;
    while (following < text.length() && SPACE.indexOf(text.charAt(following)) >= 0) {
      following++;
    }
    if (text.startsWith(":=", following)
        || before.equals("@")
        || before.equals("#")
        || parameters >= 0) {
      declared.add(name);
    } else {
      used.putIfAbsent(name, at);
    }
  }

  private void token(String what, int end) {
    before = what;
    at = end;
  }

  private static boolean isOperand(String token) {
    return !token.isEmpty()
        && (token.length() > 1 || OPERATORS.indexOf(token.charAt(0)) < 0 || ")]}".contains(token))
        && !token.equals(":=")
        && !WORDS.contains(token);
  }
}
