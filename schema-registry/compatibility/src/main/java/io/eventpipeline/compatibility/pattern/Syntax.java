package io.eventpipeline.compatibility.pattern;

import java.util.List;

/** The tree of a regular expression. */
sealed interface Syntax {
  record Chars(CharSet set) implements Syntax {}

  record Sequence(List<Syntax> parts) implements Syntax {}

  record Choice(List<Syntax> options) implements Syntax {}

  /** {@code max} is {@link #UNBOUNDED} for {@code *}, {@code +} and {@code {n,}}. */
  record Repeat(Syntax part, int min, int max) implements Syntax {}

  /** {@code ^} */
  record Start() implements Syntax {}

  /** {@code $} */
  record End() implements Syntax {}

  int UNBOUNDED = -1;
}
