package io.eventpipeline.edge;

import java.util.concurrent.atomic.AtomicInteger;

/** How many connections may be open at once, all event loops together. */
final class ConnectionLimit {
  private final int max;
  private final AtomicInteger open = new AtomicInteger();

  ConnectionLimit(int max) {
    this.max = max;
  }

  /** Takes one place, or none and false. */
  boolean enter() {
    if (open.incrementAndGet() <= max) {
      return true;
    }
    open.decrementAndGet();
    return false;
  }

  void leave() {
    open.decrementAndGet();
  }
}
