package io.eventpipeline.job.clickhouse;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** How the inserts and counts of several {@link WatchedServer}s went. */
final class Watch {
  /** Under way right now. */
  final AtomicInteger inserting = new AtomicInteger();

  final AtomicInteger inserts = new AtomicInteger();
  final AtomicInteger landed = new AtomicInteger();
  final AtomicInteger answersLost = new AtomicInteger();
  final AtomicInteger foundAll = new AtomicInteger();
  final AtomicInteger foundNone = new AtomicInteger();
  final AtomicInteger foundSome = new AtomicInteger();
  private final SplittableRandom random;

  Watch(long seed) {
    random = new SplittableRandom(seed);
  }

  /**
   * One good answer in four is lost on its way back, as when a connection breaks: a kill hits that
   * short moment too seldom to show what happens then.
   */
  synchronized boolean losesAnswer() {
    boolean lost = random.nextInt(4) == 0;
    if (lost) {
      answersLost.incrementAndGet();
    }
    return lost;
  }
}
