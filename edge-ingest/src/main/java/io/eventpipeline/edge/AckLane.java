package io.eventpipeline.edge;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Carries completions from the producer's thread to one event loop, many with one wake-up: a Kafka
 * batch completes hundreds of requests at once.
 */
final class AckLane implements Executor {
  private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Executor eventLoop;

  AckLane(Executor eventLoop) {
    this.eventLoop = eventLoop;
  }

  @Override
  public void execute(Runnable completion) {
    queue.add(completion);
    if (!scheduled.getAndSet(true)) {
      eventLoop.execute(this::drain);
    }
  }

  private void drain() {
    scheduled.set(false); // before the first poll: what is added later schedules anew
    for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
      next.run();
    }
  }
}
