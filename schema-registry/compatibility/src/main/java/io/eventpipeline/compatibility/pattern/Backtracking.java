package io.eventpipeline.compatibility.pattern;

import io.eventpipeline.compatibility.pattern.Ambiguity.Circle;
import io.eventpipeline.compatibility.pattern.Syntax.Place;
import io.eventpipeline.compatibility.pattern.Syntax.Repeat;
import io.eventpipeline.compatibility.pattern.SyntaxReader.Reading;
import io.eventpipeline.compatibility.pattern.SyntaxReader.Unsupported;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds expressions that stop a backtracking engine: {@code java.util.regex}, Python's {@code re},
 * and JavaScript's, which ajv uses. Such an engine tries every way in which an expression may take
 * a text before it says that it does not match. So the ways are counted, on the expression's
 * automaton ({@link Ambiguity}), for the characters that each of the three engines takes.
 *
 * <p>Nobody is asked whether some text makes the engine fail after the ambiguous part: the same
 * expression is matched whole by one caller and searched for by another, and {@code (a+)+} is
 * harmless only for the second.
 *
 * <p>One for each document, for one thread: all of its expressions share one allowance of steps.
 */
public final class Backtracking {
  /** Cubic: {@code ^.*a.*b.*c.*$} is written by hand, and a thousand characters still end. */
  static final int DEGREE_MAX = 3;

  /** An IPv4 address, as it is usually written, has 4. Choices that overlap count as one. */
  static final int CHOICES_MAX = 6;

  private static final int QUOTED_CHARS_MAX = 100;

  private static final List<Reading> ENGINES =
      List.of(Reading.ECMA_262, Reading.JDK, Reading.PYTHON);

  private final Allowance allowance;
  private final Map<String, Optional<Danger>> judged = new LinkedHashMap<>();

  /**
   * @param stepsMax how much work to do before what is left is called too complex; a million take
   *     some tens of milliseconds
   */
  public Backtracking(int stepsMax) {
    this.allowance = new Allowance(stepsMax);
  }

  /** What is wrong with an expression. */
  public enum Kind {
    /** The steps double again and again as the text grows. */
    EXPONENTIAL,
    /** The steps grow with a high power of the text's length. */
    POLYNOMIAL,
    /** So many choices, one after the other, that their product is as bad. */
    TOO_MANY_CHOICES,
    /** Larger than can be judged. */
    TOO_COMPLEX,
    /** Not of the syntax that the engines share. */
    UNREADABLE
  }

  /**
   * An expression that others must not be made to compile.
   *
   * @param sentence why, and where in the expression; without the expression itself
   * @param rewrite the whole expression with the smallest change that takes the danger away and
   *     matches the same texts; empty when none was found
   */
  public record Danger(Kind kind, String sentence, Optional<String> rewrite) {}

  /** Counts steps. */
  static final class Allowance implements Language.Meter {
    private int left;

    Allowance(int stepsMax) {
      this.left = stepsMax;
    }

    static final class Spent extends RuntimeException {
      private static final long serialVersionUID = 1L;

      Spent() {
        super("out of steps", null, false, false);
      }
    }

    @Override
    public void steps(int count) {
      if (left < count) {
        left = 0;
        throw new Spent();
      }
      left -= count;
    }
  }

  /** What is dangerous about {@code regex}; empty when it is safe. */
  public Optional<Danger> danger(String regex) {
    Optional<Danger> known = judged.get(regex);
    if (known == null) {
      known = judge(regex).map(found -> found.withRewrite(regex));
      judged.put(regex, known);
    }
    return known;
  }

  /** Whether there is surely nothing dangerous about it, within so many steps. */
  static boolean isSafe(String regex, int stepsMax) {
    return new Backtracking(stepsMax).judge(regex).isEmpty();
  }

  /** {@code loop} is what the ways go round in; null when it is not that, or there is none. */
  private record Found(Kind kind, String sentence, Repeat loop) {
    Danger withRewrite(String regex) {
      return new Danger(
          kind, sentence, loop == null ? Optional.empty() : Rewrites.smallest(regex, loop));
    }
  }

  private Optional<Found> judge(String regex) {
    try {
      for (Syntax syntax : readings(regex)) {
        Positions positions = Positions.of(syntax, allowance);
        Optional<Found> found = judge(regex, positions, new Ambiguity(positions, allowance));
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    } catch (Unsupported e) {
      return found(
          Kind.UNREADABLE,
          "it cannot be judged whether backtracking engines take exponential time: "
              + e.getMessage());
    } catch (Allowance.Spent e) {
      return found(
          Kind.TOO_COMPLEX,
          "too complex to judge whether backtracking engines take exponential time");
    }
  }

  private Optional<Found> judge(String regex, Positions positions, Ambiguity ambiguity) {
    if (ambiguity.circle() != null) {
      return Optional.of(exponential(regex, positions, ambiguity.circle()));
    }
    if (ambiguity.degree() > DEGREE_MAX) {
      return found(
          Kind.POLYNOMIAL,
          "polynomial backtracking: repetitions share a text of n characters in the order of n^"
              + ambiguity.degree()
              + " ways; n^"
              + DEGREE_MAX
              + " is the most that is accepted");
    }
    if (ambiguity.choices() > CHOICES_MAX) {
      return found(
          Kind.TOO_MANY_CHOICES,
          "exponential backtracking: "
              + ambiguity.choices()
              + " choices follow each other, each with several ways to match the same text; "
              + CHOICES_MAX
              + " are the most that is accepted");
    }
    return Optional.empty();
  }

  /** As the engines read it; one where they agree. */
  private static Set<Syntax> readings(String regex) throws Unsupported {
    Set<Syntax> all = new LinkedHashSet<>();
    for (Reading engine : ENGINES) {
      all.add(SyntaxReader.read(regex, engine));
    }
    return all;
  }

  private static Optional<Found> found(Kind kind, String sentence) {
    return Optional.of(new Found(kind, sentence, null));
  }

  private Found exponential(String regex, Positions positions, Circle circle) {
    Repeat loop = guilty(positions.loopsAround(circle.positions()));
    Place place = loop == null ? new Place(0, 0, regex.length()) : loop.place();
    return new Found(
        Kind.EXPONENTIAL,
        ("exponential backtracking: %s at character %d takes '%s' in more than one way, and each"
                + " further '%s' doubles the steps")
            .formatted(
                shortened(regex.substring(place.from(), place.to())),
                place.from() + 1,
                shortened(circle.word()),
                shortened(circle.word())),
        loop);
  }

  /** The innermost loop that is dangerous by itself. */
  private Repeat guilty(List<Repeat> loops) {
    for (Repeat loop : loops) {
      if (new Ambiguity(Positions.of(loop, allowance), allowance).circle() != null) {
        return loop;
      }
    }
    return null;
  }

  private static String shortened(String text) {
    return text.length() <= QUOTED_CHARS_MAX ? text : text.substring(0, QUOTED_CHARS_MAX - 1) + "…";
  }
}
