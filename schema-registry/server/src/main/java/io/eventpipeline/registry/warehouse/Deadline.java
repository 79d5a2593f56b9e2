package io.eventpipeline.registry.warehouse;

import java.time.Duration;

/** When a piece of work has to be over, however many steps it takes. */
final class Deadline {
  private final long end;

  Deadline(Duration fromNow) {
    this.end = System.nanoTime() + fromNow.toNanos();
  }

  boolean passed() {
    return System.nanoTime() - end >= 0;
  }

  /** Whole seconds that are left, at least 1: for ClickHouse 0 would mean no limit. */
  long seconds() {
    return Math.max(1, Duration.ofNanos(end - System.nanoTime()).toSeconds());
  }
}
