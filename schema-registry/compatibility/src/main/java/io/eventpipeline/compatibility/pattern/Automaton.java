package io.eventpipeline.compatibility.pattern;

import io.eventpipeline.compatibility.pattern.Syntax.Chars;
import io.eventpipeline.compatibility.pattern.Syntax.Choice;
import io.eventpipeline.compatibility.pattern.Syntax.End;
import io.eventpipeline.compatibility.pattern.Syntax.Repeat;
import io.eventpipeline.compatibility.pattern.Syntax.Sequence;
import io.eventpipeline.compatibility.pattern.Syntax.Start;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;

/**
 * A non-deterministic automaton that finds an expression anywhere in a text, as JSON Schema asks.
 * States are numbers; a set of states is a {@link BitSet}. Immutable once built. What is asked of
 * it is counted by the edges that are looked at: with 2,000 states one character is a lot of work.
 */
final class Automaton {
  private static final int STATES_MAX = 2_000;

  /** Looking at so many edges, or words of a set, takes as long as a step. */
  private static final int EDGES_A_STEP = 8;

  private enum When {
    ALWAYS,
    AT_START,
    AT_END
  }

  private record Edge(CharSet on, int to) {}

  private record Jump(When when, int to) {}

  private final List<List<Edge>> edges = new ArrayList<>();
  private final List<List<Jump>> jumps = new ArrayList<>();

  /** One for each place in the expression, however often that is repeated. */
  private final Set<CharSet> classes = Collections.newSetFromMap(new IdentityHashMap<>());

  private final int first;
  private final int last;

  private Automaton(Syntax syntax, Language.Meter meter) throws SyntaxReader.Unsupported {
    first = state();
    int begin = state();
    int end = state();
    last = state();
    edges.get(first).add(new Edge(CharSet.ALL, first));
    jump(first, When.ALWAYS, begin);
    try {
      build(syntax, begin, end);
    } finally {
      meter.steps(edges.size());
    }
    jump(end, When.ALWAYS, last);
    edges.get(last).add(new Edge(CharSet.ALL, last));
  }

  static Automaton of(Syntax syntax, Language.Meter meter) throws SyntaxReader.Unsupported {
    return new Automaton(syntax, meter);
  }

  private int state() throws SyntaxReader.Unsupported {
    if (edges.size() == STATES_MAX) {
      throw new SyntaxReader.Unsupported("more than " + STATES_MAX + " states");
    }
    edges.add(new ArrayList<>(1));
    jumps.add(new ArrayList<>(1));
    return edges.size() - 1;
  }

  private void jump(int from, When when, int to) {
    jumps.get(from).add(new Jump(when, to));
  }

  private void build(Syntax syntax, int from, int to) throws SyntaxReader.Unsupported {
    if (syntax instanceof Chars chars) {
      edges.get(from).add(new Edge(chars.set(), to));
      classes.add(chars.set());
    } else if (syntax instanceof Start) {
      jump(from, When.AT_START, to);
    } else if (syntax instanceof End) {
      jump(from, When.AT_END, to);
    } else if (syntax instanceof Sequence sequence) {
      int here = from;
      for (Syntax part : sequence.parts()) {
        int next = state();
        build(part, here, next);
        here = next;
      }
      jump(here, When.ALWAYS, to);
    } else if (syntax instanceof Choice choice) {
      for (Syntax option : choice.options()) {
        build(option, from, to);
      }
    } else if (syntax instanceof Repeat repeat) {
      repeat(repeat, from, to);
    }
  }

  private void repeat(Repeat repeat, int from, int to) throws SyntaxReader.Unsupported {
    int here = state();
    jump(from, When.ALWAYS, here);
    for (int i = 0; i < repeat.min(); i++) {
      int next = state();
      build(repeat.part(), here, next);
      here = next;
    }
    if (repeat.max() == Syntax.UNBOUNDED) {
      int loop = state();
      jump(here, When.ALWAYS, loop);
      build(repeat.part(), loop, loop);
      here = loop;
    } else {
      for (int i = repeat.min(); i < repeat.max(); i++) {
        jump(here, When.ALWAYS, to);
        int next = state();
        build(repeat.part(), here, next);
        here = next;
      }
    }
    jump(here, When.ALWAYS, to);
  }

  /** The states before the first character. */
  BitSet begin() {
    BitSet states = new BitSet();
    states.set(first);
    close(states, true, false);
    return states;
  }

  /** The states after one more character. */
  BitSet after(BitSet states, int point, Language.Meter meter) {
    BitSet next = new BitSet();
    int looked = states.length() / Long.SIZE;
    for (int s = states.nextSetBit(0); s >= 0; s = states.nextSetBit(s + 1)) {
      for (Edge edge : edges.get(s)) {
        looked++;
        if (edge.on.contains(point)) {
          next.set(edge.to);
        }
      }
    }
    looked += close(next, false, false);
    meter.steps(1 + looked / EDGES_A_STEP);
    return next;
  }

  /** Whether a text that ends here matches. */
  boolean accepts(BitSet states, boolean empty, Language.Meter meter) {
    BitSet closed = (BitSet) states.clone();
    meter.steps(close(closed, empty, true) / EDGES_A_STEP);
    return closed.get(last);
  }

  /** Adds what is reached without a character; says how much was looked at. */
  private int close(BitSet closed, boolean start, boolean end) {
    int looked = 0;
    Deque<Integer> work = new ArrayDeque<>();
    for (int s = closed.nextSetBit(0); s >= 0; s = closed.nextSetBit(s + 1)) {
      work.push(s);
    }
    while (!work.isEmpty()) {
      looked++;
      for (Jump jump : jumps.get(work.pop())) {
        looked++;
        boolean open =
            jump.when == When.ALWAYS
                || (jump.when == When.AT_START && start)
                || (jump.when == When.AT_END && end);
        if (open && !closed.get(jump.to)) {
          closed.set(jump.to);
          work.push(jump.to);
        }
      }
    }
    return looked;
  }

  /** Adds the first code point of every range on which this automaton may behave differently. */
  void addBoundaries(NavigableSet<Integer> boundaries, Language.Meter meter) {
    for (CharSet set : classes) {
      meter.steps(1 + set.ranges().size());
      for (CharSet.Range range : set.ranges()) {
        boundaries.add(range.from());
        if (range.to() < Character.MAX_CODE_POINT) {
          boundaries.add(range.to() + 1);
        }
      }
    }
  }
}
