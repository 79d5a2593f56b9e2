package io.eventpipeline.launcher.load;

import java.time.Duration;
import java.util.List;

/**
 * One way into the edge for one store: takes events from its queue and sends them, in order, until
 * the edge has accepted each of them.
 *
 * <p>At most a fixed number of events is in flight. What is answered {@code retry}, what gets 429
 * or 5xx, and what gets no answer because the connection was lost is sent again, the same bytes
 * under the same id, after a wait. Runs on a thread of its own until the queue is exhausted, until
 * that thread is interrupted or until a defect was reported to {@link Traffic}.
 */
abstract class Lane implements Runnable {
  /** Two requests of the largest size: the lane never waits for the generator. */
  private static final int QUEUE_EVENTS = 2_000;

  /** Longest wait for an answer; the edge itself gives up on Kafka well before. */
  static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(45);

  private final LaneQueue queue = new LaneQueue(QUEUE_EVENTS);
  private final Backoff backoff = new Backoff();
  private final Traffic traffic;

  Lane(Traffic traffic) {
    this.traffic = traffic;
  }

  final LaneQueue queue() {
    return queue;
  }

  final Traffic traffic() {
    return traffic;
  }

  @Override
  public final void run() {
    try {
      deliver();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      traffic.fail(e);
    }
  }

  /** Sends until the queue is exhausted and everything was answered, or until a defect. */
  abstract void deliver() throws InterruptedException;

  /** Waits before the next try, at least as long as the edge {@code asked}. */
  final void waitOut(String trouble, Duration asked) throws InterruptedException {
    traffic.trouble(trouble);
    Thread.sleep(backoff.after(asked).toMillis());
  }

  /** Starts the waits from the shortest again when some of {@code sent} need not be repeated. */
  final void progress(List<Outgoing> sent, List<Outgoing> again) {
    if (again.size() < sent.size()) {
      backoff.reset();
      traffic.trouble("");
    }
  }
}
