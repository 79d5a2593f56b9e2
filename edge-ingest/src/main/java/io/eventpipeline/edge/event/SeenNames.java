package io.eventpipeline.edge.event;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The member names of the objects that are open, to find one that comes twice.
 *
 * <p>Small objects are compared name by name, without allocation; larger ones are hashed, so that
 * an object of 100,000 members costs no square.
 */
final class SeenNames {
  private static final int COMPARED_MAX = 16;

  private final int[] starts;
  private final Set<?>[] hashed;
  private String[] names = new String[64];
  private int size;
  private int level = -1;

  /**
   * @param depthMax most objects and arrays that are open at once
   */
  SeenNames(int depthMax) {
    starts = new int[depthMax];
    hashed = new Set<?>[depthMax];
  }

  void clear() {
    Arrays.fill(names, 0, size, null);
    Arrays.fill(hashed, null);
    size = 0;
    level = -1;
  }

  void open() {
    level++;
    starts[level] = size;
  }

  void close() {
    hashed[level] = null;
    size = starts[level];
    level--;
  }

  /** Remembers a name of the innermost object; false when it is there already. */
  boolean add(String name) {
    int start = starts[level];
    if (size - start >= COMPARED_MAX) {
      return addHashed(name, start);
    }
    for (int i = start; i < size; i++) {
      if (names[i].equals(name)) {
        return false;
      }
    }
    if (size == names.length) {
      names = Arrays.copyOf(names, size * 2);
    }
    names[size++] = name;
    return true;
  }

  private boolean addHashed(String name, int start) {
    @SuppressWarnings("unchecked")
    Set<String> all = (Set<String>) hashed[level];
    if (all == null) {
      all = new HashSet<>(Arrays.asList(names).subList(start, size));
      hashed[level] = all;
    }
    return all.add(name);
  }
}
