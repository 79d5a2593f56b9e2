package io.eventpipeline.compatibility.pattern;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sets behind {@code \p{L}}, {@code \p{Lu}} and {@code \p{Greek}}: general categories and
 * scripts, by the names that ECMA-262 and RE2 share. Each is found once, by asking for every code
 * point; names that do not exist are found out before.
 */
final class UnicodeProperties {
  /** Two letters each, at the place that {@link Character#getType} has for it. */
  private static final List<String> CATEGORIES =
      List.of(
          "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd", "Nl", "No", "--", "Zs", "Zl",
          "Zp", "Cc", "Cf", "--", "Co", "Cs", "Pd", "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So",
          "Pi", "Pf");

  private static final Map<String, CharSet> KNOWN = new ConcurrentHashMap<>();

  private UnicodeProperties() {}

  /** Empty for a name that is not known. */
  static Optional<CharSet> named(String name) {
    if (name.matches("[CLMNPSZ][a-z]?")) {
      return category(name);
    }
    try {
      Character.UnicodeScript script = Character.UnicodeScript.forName(name);
      return Optional.of(
          KNOWN.computeIfAbsent(
              script.name(),
              key -> CharSet.of(point -> Character.UnicodeScript.of(point) == script)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<CharSet> category(String name) {
    boolean[] types = new boolean[CATEGORIES.size()];
    boolean any = false;
    for (int type = 0; type < types.length; type++) {
      types[type] = CATEGORIES.get(type).startsWith(name);
      any |= types[type];
    }
    return any
        ? Optional.of(
            KNOWN.computeIfAbsent(
                name, key -> CharSet.of(point -> types[Character.getType(point)])))
        : Optional.empty();
  }
}
