package io.eventpipeline.compatibility.pattern;

import io.eventpipeline.compatibility.pattern.Language.Answer;
import io.eventpipeline.compatibility.pattern.Syntax.Choice;
import io.eventpipeline.compatibility.pattern.Syntax.Place;
import io.eventpipeline.compatibility.pattern.Syntax.Repeat;
import io.eventpipeline.compatibility.pattern.Syntax.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks for the smallest change that takes a danger out of an expression: one repetition within a
 * repetition less, or one alternative less. Only what is then safe, and is shown to match the same
 * texts, is offered; {@code (a+)+} becomes {@code (a)+}.
 */
final class Rewrites {
  private static final int CANDIDATES_MAX = 8;
  private static final int JUDGING_STEPS_MAX = 5_000;

  /** One step here follows a character through sets of states: some microseconds. */
  private static final int COMPARING_STEPS_MAX = 4_000;

  private static final int STATES_MAX = 200;

  private final String regex;
  private final List<String> candidates = new ArrayList<>();

  private Rewrites(String regex) {
    this.regex = regex;
  }

  /**
   * The whole expression, changed within {@code loop}.
   *
   * @param loop of {@code regex}, with its places in it
   */
  static Optional<String> smallest(String regex, Repeat loop) {
    Rewrites rewrites = new Rewrites(regex);
    rewrites.collect(loop.part());
    return rewrites.candidates.stream().limit(CANDIDATES_MAX).filter(rewrites::helps).findFirst();
  }

  private void collect(Syntax syntax) {
    if (syntax instanceof Repeat repeat) {
      if (repeat.unbounded() && repeat.min() < 2) {
        Place place = repeat.place();
        replace(place.quantifier(), place.to(), repeat.min() == 1 ? "" : "?");
      }
      collect(repeat.part());
    } else if (syntax instanceof Choice choice) {
      for (int i = 0; i < choice.options().size(); i++) {
        boolean last = i == choice.options().size() - 1;
        int from = choice.starts().get(i) - (last ? 1 : 0);
        replace(from, last ? choice.end() : choice.starts().get(i + 1), "");
      }
      choice.options().forEach(this::collect);
    } else if (syntax instanceof Sequence sequence) {
      sequence.parts().forEach(this::collect);
    }
  }

  private void replace(int from, int to, String by) {
    candidates.add(regex.substring(0, from) + by + regex.substring(to));
  }

  private boolean helps(String candidate) {
    return Backtracking.isSafe(candidate, JUDGING_STEPS_MAX) && isTheSame(candidate);
  }

  /** Matched whole: then it is the same wherever it is looked for. */
  private boolean isTheSame(String candidate) {
    Backtracking.Allowance allowance = new Backtracking.Allowance(COMPARING_STEPS_MAX);
    try {
      Optional<Language> before = Language.of("^(?:" + regex + ")$", allowance);
      Optional<Language> after = Language.of("^(?:" + candidate + ")$", allowance);
      return before.isPresent()
          && after.isPresent()
          && isWithin(before.get(), after.get(), allowance)
          && isWithin(after.get(), before.get(), allowance);
    } catch (Backtracking.Allowance.Spent e) {
      return false;
    }
  }

  private static boolean isWithin(Language inner, Language outer, Language.Meter meter) {
    return Language.search(List.of(inner), outer, STATES_MAX, meter).answer() == Answer.NONE;
  }
}
