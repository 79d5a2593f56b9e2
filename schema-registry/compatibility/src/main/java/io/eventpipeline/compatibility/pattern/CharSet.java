package io.eventpipeline.compatibility.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** A set of Unicode code points as sorted, disjoint ranges. Immutable. */
final class CharSet {
  static final CharSet ALL = new CharSet(List.of(new Range(0, Character.MAX_CODE_POINT)));

  private final List<Range> ranges;

  /** Kept: a set may have thousands of ranges, and is a key. */
  private final int hash;

  /** Both ends belong to it. */
  record Range(int from, int to) {}

  private CharSet(List<Range> ranges) {
    this.ranges = ranges;
    this.hash = ranges.hashCode();
  }

  static CharSet of(int from, int to) {
    return new CharSet(List.of(new Range(from, to)));
  }

  static CharSet of(String characters) {
    return union(characters.codePoints().mapToObj(point -> of(point, point)).toList());
  }

  /** Asks for every code point that there is. */
  static CharSet of(IntPredicate members) {
    List<Range> ranges = new ArrayList<>();
    int from = -1;
    for (int point = 0; point <= Character.MAX_CODE_POINT + 1; point++) {
      boolean in = point <= Character.MAX_CODE_POINT && members.test(point);
      if (in && from < 0) {
        from = point;
      } else if (!in && from >= 0) {
        ranges.add(new Range(from, point - 1));
        from = -1;
      }
    }
    return new CharSet(List.copyOf(ranges));
  }

  CharSet or(CharSet other) {
    return union(List.of(this, other));
  }

  /** All at once: one by one, a class of 20,000 characters would take seconds. */
  static CharSet union(List<CharSet> sets) {
    List<Range> sorted = new ArrayList<>();
    sets.forEach(set -> sorted.addAll(set.ranges));
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
    int low = 0;
    int high = ranges.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Range range = ranges.get(middle);
      if (point < range.from) {
        high = middle - 1;
      } else if (point > range.to) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  List<Range> ranges() {
    return ranges;
  }

  /** A code point that both have, -1 if there is none. Takes as long as both have ranges. */
  int shared(CharSet other) {
    int mine = 0;
    int theirs = 0;
    while (mine < ranges.size() && theirs < other.ranges.size()) {
      Range a = ranges.get(mine);
      Range b = other.ranges.get(theirs);
      if (Math.max(a.from, b.from) <= Math.min(a.to, b.to)) {
        return readable(Math.max(a.from, b.from), Math.min(a.to, b.to));
      }
      if (a.to < b.to) {
        mine++;
      } else {
        theirs++;
      }
    }
    return -1;
  }

  private static int readable(int from, int to) {
    for (int nice : new int[] {'a', 'A', '0', ' '}) {
      if (nice >= from && nice <= to) {
        return nice;
      }
    }
    return from;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof CharSet set && hash == set.hash && ranges.equals(set.ranges));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
