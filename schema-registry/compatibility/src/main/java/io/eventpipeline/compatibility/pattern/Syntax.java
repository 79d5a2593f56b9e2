package io.eventpipeline.compatibility.pattern;

import java.util.List;

/** The tree of a regular expression. */
sealed interface Syntax {
  record Chars(CharSet set) implements Syntax {}

  record Sequence(List<Syntax> parts) implements Syntax {}

  /**
   * {@code starts} has the place of each option in the text, and {@code end} the place after them.
   */
  record Choice(List<Syntax> options, List<Integer> starts, int end) implements Syntax {}

  /** {@code max} is {@link #UNBOUNDED} for {@code *}, {@code +} and {@code {n,}}. */
  record Repeat(Syntax part, int min, int max, Place place) implements Syntax {
    boolean unbounded() {
      return max == UNBOUNDED;
    }
  }

  /** Where in the text a repetition begins, its quantifier begins, and both have ended. */
  record Place(int from, int quantifier, int to) {
    static final Place NOWHERE = new Place(0, 0, 0);
  }

  /** {@code ^} */
  record Start() implements Syntax {}

  /** {@code $} */
  record End() implements Syntax {}

  int UNBOUNDED = -1;
}
