package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.pattern.Language;

/**
 * Counts the work of one check and ends it when there has been enough. A step stands for some
 * hundred nanoseconds: whatever takes longer the larger a schema is must be counted by its size, or
 * somebody writes the schema that makes a step take seconds. The heap is bounded by the same count.
 */
final class Budget implements Language.Meter {
  /** So many entries of a set or a map are copied, hashed or looked up in the time of a step. */
  static final int ENTRIES_A_STEP = 4;

  /** So many characters of a text are written, hashed or compared in the time of a step. */
  static final int CHARACTERS_A_STEP = 16;

  private final int max;
  private int used;

  /** Thrown through the whole comparison: a partial proof proves nothing. */
  static final class Exhausted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Exhausted() {
      super("out of steps", null, false, false);
    }
  }

  Budget(int max) {
    this.max = max;
  }

  @Override
  public void steps(int count) {
    steps((long) count);
  }

  void steps(long count) {
    used += (int) Math.min(count, max + 1L - used);
    if (used > max) {
      used = max;
      throw new Exhausted();
    }
  }

  /** Counts what is done already, and ends nothing. */
  void note(int count) {
    used = (int) Math.min(max, (long) used + count);
  }

  int used() {
    return used;
  }

  boolean isSpent() {
    return used == max;
  }
}
