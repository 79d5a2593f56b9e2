package io.eventpipeline.edge;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Carries completions from the producer's thread to one event loop, many with one wake-up: a Kafka
 * batch completes hundreds of requests at once.
 *
 * <p>One that throws is the event loop's to report and takes no other with it. After {@link
 * #TURN_MAX} of them the loop has its turn, so that sockets are read meanwhile.
 */
final class AckLane implements Executor {
  /** Completions in one turn: four Kafka batches of 64 KiB with events of 300 bytes. */
  static final int TURN_MAX = 1_000;

  private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Executor eventLoop;

  AckLane(Executor eventLoop) {
    this.eventLoop = eventLoop;
  }

  @Override
  public void execute(Runnable completion) {
    queue.add(completion);
    schedule();
  }

  private void schedule() {
    if (!scheduled.getAndSet(true)) {
      eventLoop.execute(this::drain);
    }
  }

  private void drain() {
    scheduled.set(false); // before the first poll: what is added later schedules anew
    try {
      for (int run = 0; run < TURN_MAX; run++) {
        Runnable next = queue.poll();
        if (next == null) {
          return;
        }
        next.run();
      }
    } finally {
      if (!queue.isEmpty()) {
        schedule(); // cut short, by the bound or by a completion that threw
      }
    }
  }
}
