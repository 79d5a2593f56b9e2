package io.eventpipeline.compatibility.pattern;

import io.eventpipeline.compatibility.pattern.Syntax.Chars;
import io.eventpipeline.compatibility.pattern.Syntax.End;
import io.eventpipeline.compatibility.pattern.Syntax.Place;
import io.eventpipeline.compatibility.pattern.Syntax.Repeat;
import io.eventpipeline.compatibility.pattern.Syntax.Sequence;
import io.eventpipeline.compatibility.pattern.Syntax.Start;
import io.eventpipeline.compatibility.pattern.SyntaxReader.Reading;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The strings that a regular expression finds a match in. Immutable, any thread.
 *
 * <p>Everything here is bounded: expressions that need more than 2,000 states are not read, and a
 * search gives up after the number of steps it is allowed. Conclusions hold for ECMA-262, RE2 and
 * the JDK alike; where these disagree on a text, the answer is that it is not known.
 */
public final class Language {
  private static final int LENGTH_MAX = 300;

  /** All that some engine matches. */
  private final Automaton wide;

  /** Only what every engine matches. */
  private final Automaton narrow;

  private Language(Automaton wide, Automaton narrow) {
    this.wide = wide;
    this.narrow = narrow;
  }

  /** Counts work, a step for some hundred nanoseconds of it; throws when there has been enough. */
  @FunctionalInterface
  public interface Meter {
    void steps(int count);

    /** One. */
    default void step() {
      steps(1);
    }
  }

  /** What a search for a string came to. */
  public enum Answer {
    /** There is such a string. */
    SOME,
    /** There is none. */
    NONE,
    /** The search was given up. */
    UNKNOWN
  }

  /**
   * What a search found.
   *
   * @param answer whether there is a string
   * @param example one, null unless the answer is {@link Answer#SOME}
   */
  public record Found(Answer answer, String example) {}

  /**
   * Reads an expression.
   *
   * @param regex ECMA-262 syntax
   * @return empty for an expression that uses more than regular languages have (look-around, back
   *     references), or that is too large
   */
  public static Optional<Language> of(String regex, Meter meter) {
    meter.steps(1 + regex.length());
    try {
      return Optional.of(
          new Language(
              Automaton.of(SyntaxReader.read(regex, Reading.WIDE), meter),
              Automaton.of(SyntaxReader.read(regex, Reading.NARROW), meter)));
    } catch (SyntaxReader.Unsupported e) {
      return Optional.empty();
    }
  }

  /**
   * All strings of a length.
   *
   * @param min code points
   * @param max code points; {@link Long#MAX_VALUE} for no bound
   * @return empty when a bound is too large for an automaton
   */
  public static Optional<Language> ofLength(long min, long max, Meter meter) {
    boolean bounded = max != Long.MAX_VALUE;
    if (min > LENGTH_MAX || (bounded && max > LENGTH_MAX) || min > max) {
      return Optional.empty();
    }
    try {
      Syntax any =
          new Repeat(
              new Chars(CharSet.ALL),
              (int) min,
              bounded ? (int) max : Syntax.UNBOUNDED,
              Place.NOWHERE);
      Automaton exact = Automaton.of(new Sequence(List.of(new Start(), any, new End())), meter);
      return Optional.of(new Language(exact, exact));
    } catch (SyntaxReader.Unsupported e) {
      return Optional.empty();
    }
  }

  /** Whether {@code text} matches; empty when engines disagree. */
  public Optional<Boolean> matches(String text, Meter meter) {
    if (matches(narrow, text, meter)) {
      return Optional.of(true);
    }
    return matches(wide, text, meter) ? Optional.empty() : Optional.of(false);
  }

  private static boolean matches(Automaton automaton, String text, Meter meter) {
    BitSet states = automaton.begin();
    for (int at = 0; at < text.length(); at = text.offsetByCodePoints(at, 1)) {
      states = automaton.after(states, text.codePointAt(at), meter);
    }
    return automaton.accepts(states, text.isEmpty(), meter);
  }

  /**
   * Looks for a string that is in all of {@code inside} and not in {@code outside}.
   *
   * <p>{@link Answer#NONE} is certain. A shortest example is given.
   *
   * @param outside null: only look for a string that is in all of {@code inside}
   * @param statesMax how many combinations of states to visit
   */
  public static Found search(List<Language> inside, Language outside, int statesMax, Meter meter) {
    return new Search(inside, outside, statesMax, meter).run();
  }

  /** Breadth first over the product of the deterministic automata, built as it goes. */
  private static final class Search {
    private record Point(List<BitSet> states, boolean empty) {}

    private record Step(Point point, Step before, int character) {}

    private final List<Automaton> automata = new ArrayList<>();
    private final boolean excludesLast;
    private final int statesMax;
    private final Meter meter;
    private final List<Integer> alphabet;

    Search(List<Language> inside, Language outside, int statesMax, Meter meter) {
      inside.forEach(language -> automata.add(language.wide));
      excludesLast = outside != null;
      if (outside != null) {
        automata.add(outside.narrow);
      }
      this.statesMax = statesMax;
      this.meter = meter;
      NavigableSet<Integer> boundaries = new TreeSet<>();
      automata.forEach(automaton -> automaton.addBoundaries(boundaries, meter));
      alphabet = representatives(boundaries);
    }

    /** One code point of each interval, a readable one if it has any. */
    private static List<Integer> representatives(NavigableSet<Integer> boundaries) {
      boundaries.add(0);
      List<Integer> points = new ArrayList<>();
      for (int from : boundaries) {
        Integer next = boundaries.higher(from);
        int to = next == null ? Character.MAX_CODE_POINT : next - 1;
        int chosen = from;
        for (int nice : new int[] {'a', 'A', '0', 'b', 'x', '-', ' '}) {
          if (nice >= from && nice <= to) {
            chosen = nice;
            break;
          }
        }
        if (chosen < '!' && to >= '!') {
          chosen = '!';
        }
        if (chosen < Character.MIN_SURROGATE || chosen > Character.MAX_SURROGATE) {
          points.add(chosen);
        }
      }
      return points;
    }

    Found run() {
      Set<Point> seen = new HashSet<>();
      Deque<Step> work = new ArrayDeque<>();
      Point begin = new Point(automata.stream().map(Automaton::begin).toList(), true);
      seen.add(begin);
      work.add(new Step(begin, null, 0));
      while (!work.isEmpty()) {
        Step step = work.poll();
        if (wanted(step.point)) {
          return new Found(Answer.SOME, text(step));
        }
        for (int character : alphabet) {
          Point next = after(step.point, character);
          if (seen.add(next)) {
            if (seen.size() > statesMax) {
              return new Found(Answer.UNKNOWN, null);
            }
            work.add(new Step(next, step, character));
          }
        }
      }
      return new Found(Answer.NONE, null);
    }

    private Point after(Point point, int character) {
      List<BitSet> next = new ArrayList<>(automata.size());
      for (int i = 0; i < automata.size(); i++) {
        next.add(automata.get(i).after(point.states.get(i), character, meter));
      }
      return new Point(next, false);
    }

    private boolean wanted(Point point) {
      for (int i = 0; i < automata.size(); i++) {
        boolean excluded = excludesLast && i == automata.size() - 1;
        if (automata.get(i).accepts(point.states.get(i), point.empty, meter) == excluded) {
          return false;
        }
      }
      return true;
    }

    private static String text(Step step) {
      StringBuilder reversed = new StringBuilder();
      for (Step s = step; s.before != null; s = s.before) {
        reversed.insert(0, Character.toString(s.character));
      }
      return reversed.toString();
    }
  }
}
