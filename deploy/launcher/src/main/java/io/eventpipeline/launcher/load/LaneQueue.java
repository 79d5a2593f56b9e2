package io.eventpipeline.launcher.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** The events of one lane, in order, from the generator's thread to the lane's; bounded. */
final class LaneQueue {
  private final BlockingQueue<Outgoing> queue;
  private volatile boolean complete;

  /**
   * An empty queue.
   *
   * @param capacity most events that wait in it
   */
  LaneQueue(int capacity) {
    queue = new ArrayBlockingQueue<>(capacity);
  }

  /** Adds {@code event}, or gives up after {@code timeout} and answers false. */
  boolean offer(Outgoing event, Duration timeout) throws InterruptedException {
    return queue.offer(event) || queue.offer(event, timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Says that nothing more will be added. */
  void complete() {
    complete = true;
  }

  /** Whether everything was taken and nothing more will come. */
  boolean isExhausted() {
    return complete && queue.isEmpty();
  }

  /** Takes what is there, waiting up to {@code timeout} for the first event. */
  List<Outgoing> take(int eventsMax, Duration timeout) throws InterruptedException {
    List<Outgoing> taken = new ArrayList<>();
    if (queue.drainTo(taken, eventsMax) == 0 && !timeout.isZero()) {
      Outgoing first = queue.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
      if (first != null) {
        taken.add(first);
        queue.drainTo(taken, eventsMax - 1);
      }
    }
    return taken;
  }
}
