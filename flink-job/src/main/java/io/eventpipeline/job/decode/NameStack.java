package io.eventpipeline.job.decode;

import io.eventpipeline.contract.EventLimits;
import java.util.HashSet;
import java.util.Set;

/**
 * The keys seen so far in each open object, to find the same key twice.
 *
 * <p>Few keys are compared one by one, many through a hash set, so that neither an ordinary event
 * nor one made of a hundred thousand keys is slow. Reused from event to event; one thread.
 */
final class NameStack {
  private static final int FEW = 16;

  private final String[][] few = new String[EventLimits.DEPTH_MAX + 1][FEW];
  private final int[] counts = new int[EventLimits.DEPTH_MAX + 1];
  private final Set<?>[] many = new Set<?>[EventLimits.DEPTH_MAX + 1];

  /** An object or array opens at this depth: no keys yet. */
  void open(int depth) {
    counts[depth] = 0;
    many[depth] = null;
  }

  /** Remembers a key; false when the object at this depth has it already. */
  boolean add(int depth, String name) {
    String[] names = few[depth];
    int count = counts[depth];
    if (count == FEW) {
      return many(depth).add(name);
    }
    for (int i = 0; i < count; i++) {
      if (names[i].equals(name)) {
        return false;
      }
    }
    names[count] = name;
    counts[depth] = count + 1;
    return true;
  }

  @SuppressWarnings("unchecked") // only sets of strings are put there
  private Set<String> many(int depth) {
    if (many[depth] == null) {
      many[depth] = new HashSet<>(Set.of(few[depth]));
    }
    return (Set<String>) many[depth];
  }
}
