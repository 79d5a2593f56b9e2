package io.eventpipeline.job.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Restored transactions of one subtask of which could not be told yet whether they had been
 * committed.
 *
 * <p>A reader of committed records gets no further than the oldest open transaction, which may be
 * one that the writers of this very restart are going to abort, after the committer was restored.
 * So the committer leaves the question here, and the writer settles it before the next checkpoint:
 * no checkpoint is completed over an open question, and every restart asks it again. Committer and
 * writer are in one process, as the connector places them. Thread-safe.
 */
final class Doubts implements AutoCloseable {
  private static final Map<Key, Doubts> OPEN = new ConcurrentHashMap<>();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Key key;
  private final Queue<Doubt> doubts = new ConcurrentLinkedQueue<>();

  /** One attempt of one subtask. */
  record Key(String job, String transactionalIdPrefix, int subtask, int attempt) {}

  private record Doubt(PendingTransaction pending, Throwable cause) {}

  private Doubts(Key key) {
    this.key = key;
  }

  /** The same one for both sides. */
  static Doubts of(Key key) {
    return OPEN.computeIfAbsent(key, Doubts::new);
  }

  void add(PendingTransaction pending, Throwable cause) {
    doubts.add(new Doubt(pending, cause));
  }

  /**
   * Returns when none is left.
   *
   * @throws IOException when one cannot be settled in time: a restart will ask again
   * @throws LostTransactionException when one was lost
   */
  void settle(LossCheck check) throws IOException, InterruptedException {
    for (Doubt doubt = doubts.peek(); doubt != null; doubt = doubts.peek()) {
      if (!check.settled(doubt.pending(), doubt.cause(), PATIENCE)) {
        throw undecided(doubt.pending(), doubt.cause());
      }
      doubts.remove();
    }
  }

  static IOException undecided(PendingTransaction pending, Throwable cause) {
    return new IOException(
        "whether Kafka transaction %s was committed cannot be told: readers of committed records do not get to %s, an older transaction is open"
            .formatted(pending.name(), pending.witness()),
        cause);
  }

  @Override
  public void close() {
    OPEN.remove(key);
  }
}
