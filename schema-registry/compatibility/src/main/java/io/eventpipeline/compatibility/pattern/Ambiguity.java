package io.eventpipeline.compatibility.pattern;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * In how many ways an automaton may take the same text, as it grows with the text.
 *
 * <p>Two matchers walk over the same text. From one position they part and meet again in another: a
 * choice. In the product automaton that is a way that leaves the diagonal and comes back to it. On
 * a circle, such a choice comes again and again, and the ways are exponential in the length of the
 * text; precisely then (EDA in A. Weber and H. Seidl, "On the degree of ambiguity of finite
 * automata", 1991). Where the two can also go round apart, the text may be split anywhere, and each
 * such choice on one way adds a factor of its length: {@link #degree}, never too low. The others
 * double the ways: {@link #choices} counts both.
 */
final class Ambiguity {
  private final Positions positions;
  private final Language.Meter meter;
  private final Map<Integer, Integer> ids = new HashMap<>();
  private final List<int[]> pairs = new ArrayList<>();
  private final List<List<Integer>> edges = new ArrayList<>();
  private final Map<CharSet, Map<CharSet, Integer>> shared = new HashMap<>();

  private final int[] component;
  private final BitSet looping = new BitSet();
  private int degree;
  private int choices;
  private Circle circle;

  /**
   * A text that leads from a position to itself in two ways.
   *
   * @param word shortest that was found
   * @param positions where the two are on their ways
   */
  record Circle(String word, BitSet positions) {}

  Ambiguity(Positions positions, Language.Meter meter) {
    this.positions = positions;
    this.meter = meter;
    explore();
    component = new Components(edges, meter).find();
    for (int node = 0; node < edges.size() && circle == null; node++) {
      for (int edge : edges.get(node)) {
        if (component[node] == component[target(edge)]) {
          looping.set(component[node]);
          if (isChoice(edge)) {
            circle = circle(node, target(edge));
            return;
          }
        }
      }
    }
    count();
  }

  /** Why the ways are exponential; null when they are not. */
  Circle circle() {
    return circle;
  }

  /** The ways are at most of the order of the text's length to the power of this. */
  int degree() {
    return degree;
  }

  /** Most choices that one text can meet, one after the other. */
  int choices() {
    return choices;
  }

  private static int target(int edge) {
    return edge >> 1;
  }

  private static boolean isChoice(int edge) {
    return (edge & 1) == 1;
  }

  private void explore() {
    node(0, 0);
    for (int at = 0; at < pairs.size(); at++) {
      int[] pair = pairs.get(at);
      BitSet next = positions.after(pair[1]);
      for (int p = first(pair[0]); p >= 0; p = positions.after(pair[0]).nextSetBit(p + 1)) {
        int from = pair[0] == pair[1] ? p : 0; // a pair and its mirror image are the same
        for (int q = next.nextSetBit(from); q >= 0; q = next.nextSetBit(q + 1)) {
          meter.step();
          if (shared(p, q) >= 0) {
            boolean meet = p == q && pair[0] != pair[1];
            boolean again = pair[0] == pair[1] && p == q && positions.isAmbiguous(pair[0], p);
            edges.get(at).add((node(p, q) << 1) | (meet || again ? 1 : 0));
          }
        }
      }
    }
  }

  private int first(int position) {
    return positions.after(position).nextSetBit(0);
  }

  private int node(int p, int q) {
    int[] pair = {Math.min(p, q), Math.max(p, q)};
    Integer id = ids.putIfAbsent(pair[0] * Positions.POSITIONS_MAX + pair[1], pairs.size());
    if (id != null) {
      return id;
    }
    pairs.add(pair);
    edges.add(new ArrayList<>(2));
    return pairs.size() - 1;
  }

  private int shared(int p, int q) {
    CharSet one = positions.characters(p);
    CharSet other = positions.characters(q);
    return shared
        .computeIfAbsent(one, set -> new HashMap<>())
        .computeIfAbsent(
            other,
            set -> {
              one.ranges().forEach(range -> meter.step());
              set.ranges().forEach(range -> meter.step());
              return one.shared(set);
            });
  }

  private boolean isDiagonal(int node) {
    return pairs.get(node)[0] == pairs.get(node)[1];
  }

  /** Components are numbered against the edges: those with the highest number come first. */
  private void count() {
    int size = 0;
    for (int c : component) {
      size = Math.max(size, c + 1);
    }
    List<List<Integer>> members = new ArrayList<>();
    for (int c = 0; c < size; c++) {
      members.add(new ArrayList<>());
    }
    for (int node = 0; node < component.length; node++) {
      members.get(component[node]).add(node);
    }
    int[] splits = new int[size]; // twice the degree so far, and one more within an open choice
    int[] met = new int[size];
    for (int c = size - 1; c >= 0; c--) {
      boolean apart = members.get(c).stream().noneMatch(this::isDiagonal);
      if (apart && looping.get(c)) {
        splits[c] |= 1;
      }
      for (int node : members.get(c)) {
        for (int edge : edges.get(node)) {
          int to = component[target(edge)];
          int after = isChoice(edge) ? (splits[c] + 1) & ~1 : splits[c];
          splits[to] = Math.max(splits[to], after);
          met[to] = Math.max(met[to], met[c] + (isChoice(edge) ? 1 : 0));
        }
      }
      degree = Math.max(degree, splits[c] / 2);
      choices = Math.max(choices, met[c]);
    }
  }

  /** From {@code meeting} back to {@code parted}, and on to {@code meeting}. */
  private Circle circle(int parted, int meeting) {
    Map<Integer, Integer> before = new HashMap<>();
    Deque<Integer> work = new ArrayDeque<>(List.of(meeting));
    before.put(meeting, meeting);
    while (!work.isEmpty() && !before.containsKey(parted)) {
      int node = work.poll();
      for (int edge : edges.get(node)) {
        int to = target(edge);
        if (component[to] == component[meeting] && before.putIfAbsent(to, node) == null) {
          work.add(to);
        }
      }
    }
    BitSet visited = new BitSet();
    StringBuilder word = new StringBuilder();
    for (int node = parted; node != meeting; node = before.get(node)) {
      visit(node, visited, word);
    }
    visit(meeting, visited, word.reverse());
    return new Circle(word.toString(), visited);
  }

  private void visit(int node, BitSet visited, StringBuilder word) {
    int[] pair = pairs.get(node);
    visited.set(pair[0]);
    visited.set(pair[1]);
    int point = shared(pair[0], pair[1]);
    if (point <= Character.MAX_CODE_POINT) {
      word.appendCodePoint(point);
    }
  }
}
