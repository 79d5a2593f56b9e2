package io.eventpipeline.job.clickhouse;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether ClickHouse takes blocks, as the committers of this process see it.
 *
 * <p>Writers and committers are different tasks and Flink tells a writer nothing about commits.
 * With slot sharing every TaskManager that runs writers also runs committers of the same sink, and
 * all of them talk to the same server, so what one of them sees is true for its neighbours.
 */
final class Outages {
  private static final Map<String, Outages> BY_URL = new ConcurrentHashMap<>();

  private final AtomicInteger blocked = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition over = lock.newCondition();

  static Outages of(String url) {
    return BY_URL.computeIfAbsent(url, key -> new Outages());
  }

  /** A block could not be landed at the first try. */
  void begin() {
    blocked.incrementAndGet();
  }

  /** It has landed, or its committer was closed. */
  void end() {
    if (blocked.decrementAndGet() == 0) {
      lock.lock();
      try {
        over.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Returns once no committer is waiting; a cancelled task is interrupted out of it. */
  void awaitEnd() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (blocked.get() > 0) {
        over.await();
      }
    } finally {
      lock.unlock();
    }
  }
}
