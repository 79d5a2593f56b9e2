package io.eventpipeline.job.clickhouse;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The commits that run in this process, so that a writer with a full buffer can wait for them.
 *
 * <p>Writers and committers are different tasks and Flink tells a writer nothing about commits.
 * With slot sharing every TaskManager that runs writers also runs committers of the same sink. The
 * wait cannot block itself: a commit never needs a writer to go on, and the checkpoint that would
 * empty the buffer cannot pass the committer before the commit has ended either.
 */
final class RunningCommits {
  private static final Map<String, RunningCommits> BY_URL = new ConcurrentHashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition oneEnded = lock.newCondition();
  private int running;
  private long ended;

  static RunningCommits of(String url) {
    return BY_URL.computeIfAbsent(url, key -> new RunningCommits());
  }

  void begin() {
    lock.lock();
    try {
      running++;
    } finally {
      lock.unlock();
    }
  }

  /** Landed, failed or cancelled. */
  void end() {
    lock.lock();
    try {
      running--;
      ended++;
      oneEnded.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns once none runs, or as many have ended as ran when it was called: commits that begin
   * meanwhile do not hold the caller for ever. A cancelled task is interrupted out of it.
   */
  void awaitThose() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long enough = ended + running;
      while (running > 0 && ended < enough) {
        oneEnded.await();
      }
    } finally {
      lock.unlock();
    }
  }
}
