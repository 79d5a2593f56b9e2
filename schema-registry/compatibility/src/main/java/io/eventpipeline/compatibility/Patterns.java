package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.pattern.Language;
import io.eventpipeline.compatibility.pattern.Language.Answer;
import io.eventpipeline.compatibility.pattern.Language.Found;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks about patterns, by their text; each is read once. */
final class Patterns {
  /** A product of two patterns of 50 states rarely has more. */
  private static final int STATES_MAX = 2_000;

  private static final int CHARACTERS_A_STEP = 64;

  private final Budget budget;
  private final Map<String, Optional<Language>> languages = new HashMap<>();
  private final Map<List<Long>, Optional<Language>> lengths = new HashMap<>();
  private final Map<List<String>, Answer> overlaps = new HashMap<>();

  Patterns(Budget budget) {
    this.budget = budget;
  }

  Optional<Language> language(String regex) {
    return languages.computeIfAbsent(regex, r -> Language.of(r, budget));
  }

  /** Strings of a length; empty when a bound is too large. */
  Optional<Language> ofLength(long min, long max) {
    return lengths.computeIfAbsent(
        List.of(min, max), bounds -> Language.ofLength(min, max, budget));
  }

  Truth matches(String regex, String text) {
    budget.steps(1 + text.length() / CHARACTERS_A_STEP);
    return language(regex).map(l -> Truth.of(l.matches(text, budget))).orElse(Truth.UNKNOWN);
  }

  /**
   * Looks for a string of some length that matches all of {@code inside} and not {@code outside}.
   * Patterns that cannot be read are left out of {@code inside}, which only makes more strings.
   *
   * @param outside empty: only look for a string that matches {@code inside}
   */
  Found search(
      Collection<String> inside, long minLength, long maxLength, Optional<Language> outside) {
    List<Language> languages = new ArrayList<>();
    inside.forEach(regex -> language(regex).ifPresent(languages::add));
    if (minLength > 0 || maxLength != Long.MAX_VALUE) {
      ofLength(minLength, maxLength).ifPresent(languages::add);
    }
    return Language.search(languages, outside.orElse(null), STATES_MAX, budget);
  }

  /** Whether every string that matches {@code a} matches {@code b}. */
  boolean surelyWithin(String a, String b) {
    budget.step();
    Optional<Language> inner = language(a);
    Optional<Language> outer = language(b);
    return a.equals(b)
        || (inner.isPresent()
            && outer.isPresent()
            && Language.search(List.of(inner.get()), outer.get(), STATES_MAX, budget).answer()
                == Answer.NONE);
  }

  /** Whether no string matches both. */
  boolean surelyDisjoint(String a, String b) {
    budget.step();
    if (language(a).isEmpty() || language(b).isEmpty()) {
      return false;
    }
    return overlaps.computeIfAbsent(
            List.of(a, b), both -> search(both, 0, Long.MAX_VALUE, Optional.empty()).answer())
        == Answer.NONE;
  }
}
