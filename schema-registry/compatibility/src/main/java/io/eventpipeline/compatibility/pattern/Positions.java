package io.eventpipeline.compatibility.pattern;

import io.eventpipeline.compatibility.pattern.Backtracking.Allowance;
import io.eventpipeline.compatibility.pattern.Syntax.Chars;
import io.eventpipeline.compatibility.pattern.Syntax.Choice;
import io.eventpipeline.compatibility.pattern.Syntax.End;
import io.eventpipeline.compatibility.pattern.Syntax.Repeat;
import io.eventpipeline.compatibility.pattern.Syntax.Sequence;
import io.eventpipeline.compatibility.pattern.Syntax.Start;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The automaton of a backtracking matcher: a state for each place in the expression that takes a
 * character (Glushkov's construction), and for each pair of them whether one may follow the other
 * in no, one, or several ways. The several ways are what the usual construction forgets: in {@code
 * (a*)*} the second {@code a} belongs to the same round of the outer loop, or to the next.
 *
 * <p>An empty round is tried where a loop is left, as Python does: {@code (a?)*} ends in two ways.
 * {@code ^} and {@code $} take a character that no text has, so nothing goes round through them.
 *
 * <p>A repetition whose bounds are far apart, such as {@code {1,63}}, counts as one without a
 * bound: it costs as much in practice, and one state instead of 63.
 */
final class Positions {
  /** Bounds that far apart are as good as none: five such in a row can be split in 7,776 ways. */
  static final int FAR_APART = 5;

  static final int POSITIONS_MAX = 2_000;

  private static final CharSet BEFORE_TEXT =
      CharSet.of(Character.MAX_CODE_POINT + 1, Character.MAX_CODE_POINT + 1);
  private static final CharSet AFTER_TEXT =
      CharSet.of(Character.MAX_CODE_POINT + 2, Character.MAX_CODE_POINT + 2);

  private final Language.Meter meter;
  private final List<CharSet> characters = new ArrayList<>();
  private final List<BitSet> following = new ArrayList<>();
  private final List<BitSet> followingTwice = new ArrayList<>();
  private final List<Loop> loops = new ArrayList<>();

  /** A repetition without an upper bound, and its positions: {@code from} to before {@code to}. */
  record Loop(int from, int to, Repeat repeat) {}

  /** Positions at one end of a part, and those that can be reached there in several ways. */
  private record Edge(BitSet all, BitSet twice) {
    static Edge none() {
      return new Edge(new BitSet(), new BitSet());
    }

    Edge or(Edge other) {
      BitSet both = (BitSet) all.clone();
      both.and(other.all);
      both.or(twice);
      both.or(other.twice);
      BitSet any = (BitSet) all.clone();
      any.or(other.all);
      return new Edge(any, both);
    }

    /** As reached in so many ways: 0, 1 or more. */
    Edge times(int ways) {
      return ways == 0 ? none() : ways == 1 ? this : new Edge(all, all);
    }
  }

  /** {@code empty}: in how many ways it matches nothing at all; 0, 1, or 2 for more. */
  private record Part(int empty, Edge first, Edge last) {
    static final Part NOTHING = new Part(1, Edge.none(), Edge.none());
  }

  private Positions(Language.Meter meter) {
    this.meter = meter;
  }

  /**
   * Reads an expression. Position 0 stands before all others.
   *
   * @throws Allowance.Spent when there are more than {@link #POSITIONS_MAX}
   */
  static Positions of(Syntax syntax, Language.Meter meter) {
    Positions positions = new Positions(meter);
    Part start = positions.character(BEFORE_TEXT);
    positions.link(start.last(), positions.build(syntax).first());
    return positions;
  }

  private Part build(Syntax syntax) {
    if (syntax instanceof Chars chars) {
      return character(chars.set());
    } else if (syntax instanceof Start) {
      return character(BEFORE_TEXT);
    } else if (syntax instanceof End) {
      return character(AFTER_TEXT);
    } else if (syntax instanceof Sequence sequence) {
      Part all = Part.NOTHING;
      for (Syntax part : sequence.parts()) {
        all = then(all, build(part));
      }
      return all;
    } else if (syntax instanceof Choice choice) {
      Part all = new Part(0, Edge.none(), Edge.none());
      for (Syntax option : choice.options()) {
        Part part = build(option);
        all =
            new Part(
                Math.min(2, all.empty + part.empty),
                all.first.or(part.first),
                all.last.or(part.last));
      }
      return all;
    }
    return repeat((Repeat) syntax);
  }

  private Part repeat(Repeat repeat) {
    boolean endless = repeat.unbounded() || repeat.max() - repeat.min() >= FAR_APART;
    Part all = Part.NOTHING;
    for (int i = endless ? 1 : 0; i < repeat.min(); i++) {
      all = then(all, build(repeat.part()));
    }
    if (endless) {
      Part loop = loop(repeat);
      return then(all, repeat.min() == 0 ? optional(loop) : loop);
    }
    // One inside the other, as a counter does: a{0,2} is (a(a)?)?, and takes "a" in one way
    Part rest = Part.NOTHING;
    for (int i = repeat.min(); i < repeat.max(); i++) {
      rest = optional(then(build(repeat.part()), rest));
    }
    return then(all, rest);
  }

  private Part loop(Repeat repeat) {
    int from = characters.size();
    Part part = build(repeat.part());
    loops.add(new Loop(from, characters.size(), repeat));
    link(part.last, part.first);
    return new Part(part.empty, part.first, part.last.times(part.empty == 0 ? 1 : 2));
  }

  private static Part optional(Part part) {
    return new Part(Math.min(2, part.empty + 1), part.first, part.last);
  }

  private Part then(Part a, Part b) {
    link(a.last, b.first);
    return new Part(
        Math.min(2, a.empty * b.empty),
        a.first.or(b.first.times(a.empty)),
        b.last.or(a.last.times(b.empty)));
  }

  private Part character(CharSet set) {
    int position = characters.size();
    if (position == POSITIONS_MAX) {
      throw new Allowance.Spent();
    }
    characters.add(set);
    following.add(new BitSet());
    followingTwice.add(new BitSet());
    BitSet self = new BitSet();
    self.set(position);
    Edge edge = new Edge(self, new BitSet());
    return new Part(0, edge, edge);
  }

  private void link(Edge last, Edge first) {
    for (int p = last.all.nextSetBit(0); p >= 0; p = last.all.nextSetBit(p + 1)) {
      meter.step();
      BitSet again = (BitSet) following.get(p).clone();
      again.and(first.all);
      again.or(last.twice.get(p) ? first.all : first.twice);
      following.get(p).or(first.all);
      followingTwice.get(p).or(again);
    }
  }

  /** How many there are. */
  int count() {
    return characters.size();
  }

  CharSet characters(int position) {
    return characters.get(position);
  }

  /** Where a match may go on after {@code position}. Not to be changed. */
  BitSet after(int position) {
    return following.get(position);
  }

  /** Whether {@code next} comes after {@code position} in more than one way. */
  boolean isAmbiguous(int position, int next) {
    return followingTwice.get(position).get(next);
  }

  /** The loops that all of {@code positions} are in, innermost first. */
  List<Repeat> loopsAround(BitSet positions) {
    int first = positions.nextSetBit(0);
    int last = positions.previousSetBit(count());
    return loops.stream() // an inner one was built before what is around it
        .filter(loop -> first >= loop.from && last < loop.to)
        .map(Loop::repeat)
        .toList();
  }
}
