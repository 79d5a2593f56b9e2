package io.eventpipeline.compatibility.pattern;

import java.util.ArrayList;
import java.util.List;

/** A set of Unicode code points as sorted, disjoint ranges. Immutable. */
final class CharSet {
  static final CharSet ALL = new CharSet(List.of(new Range(0, Character.MAX_CODE_POINT)));

  private final List<Range> ranges;

  /** Both ends belong to it. */
  record Range(int from, int to) {}

  private CharSet(List<Range> ranges) {
    this.ranges = ranges;
  }

  static CharSet of(int from, int to) {
    return new CharSet(List.of(new Range(from, to)));
  }

  static CharSet of(String characters) {
    CharSet all = new CharSet(List.of());
    for (int point : characters.codePoints().toArray()) {
      all = all.or(of(point, point));
    }
    return all;
  }

  CharSet or(CharSet other) {
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.addAll(other.ranges);
    sorted.sort((a, b) -> Integer.compare(a.from, b.from));
    List<Range> merged = new ArrayList<>();
    for (Range range : sorted) {
      Range last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && range.from <= last.to + 1) {
        merged.set(merged.size() - 1, new Range(last.from, Math.max(last.to, range.to)));
      } else {
        merged.add(range);
      }
    }
    return new CharSet(List.copyOf(merged));
  }

  CharSet not() {
    List<Range> gaps = new ArrayList<>();
    int next = 0;
    for (Range range : ranges) {
      if (range.from > next) {
        gaps.add(new Range(next, range.from - 1));
      }
      next = range.to + 1;
    }
    if (next <= Character.MAX_CODE_POINT) {
      gaps.add(new Range(next, Character.MAX_CODE_POINT));
    }
    return new CharSet(List.copyOf(gaps));
  }

  boolean contains(int point) {
    for (Range range : ranges) {
      if (point < range.from) {
        return false;
      }
      if (point <= range.to) {
        return true;
      }
    }
    return false;
  }

  List<Range> ranges() {
    return ranges;
  }
}
