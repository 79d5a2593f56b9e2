package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.pattern.Language;

/** Counts the work of one check and ends it when there has been enough. */
final class Budget implements Language.Meter {
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
  public void step() {
    steps(1);
  }

  void steps(int count) {
    used += Math.min(count, max); // no overflow: used <= max here
    if (used > max) {
      used = max;
      throw new Exhausted();
    }
  }

  int used() {
    return used;
  }

  boolean isSpent() {
    return used == max;
  }
}
