package io.eventpipeline.job.kafka;

import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a transaction that could not be committed from one that had been. Not thread-safe. */
final class LossCheck implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LossCheck.class);

  private final Properties connection;
  private final String sourceTopic;
  private final Set<String> writtenOff;
  private TransactionOutcomes outcomes;

  LossCheck(Properties connection, String sourceTopic, Set<String> writtenOff) {
    this.connection = connection;
    this.sourceTopic = sourceTopic;
    this.writtenOff = writtenOff;
  }

  /**
   * Looks for the transaction in the log.
   *
   * @param cause what its commit was answered with
   * @return whether it is there, or its loss was accepted; if not, it cannot be told yet
   * @throws LostTransactionException when it is not and never will be there
   */
  boolean settled(PendingTransaction pending, Throwable cause, Duration patience)
      throws InterruptedException {
    if (writtenOff.contains(pending.name())) {
      LOG.warn("transaction {} is written off: going on without it", pending.name());
      return true;
    }
    return switch (outcomes().await(pending, patience)) {
      case COMMITTED -> {
        LOG.info(
            "transaction {} had been committed: {} is there", pending.name(), pending.witness());
        yield true;
      }
      case OPEN -> false;
      case ABORTED ->
          throw new LostTransactionException(
              pending, "was aborted before it was committed", sourceTopic, cause);
      case UNKNOWN ->
          throw new LostTransactionException(
              pending,
              "can no longer be committed, and whether it was cannot be told (its witness is %s)"
                  .formatted(pending.witness()),
              sourceTopic,
              cause);
    };
  }

  private TransactionOutcomes outcomes() {
    if (outcomes == null) {
      outcomes = new TransactionOutcomes(connection);
    }
    return outcomes;
  }

  @Override
  public void close() {
    if (outcomes != null) {
      outcomes.close();
    }
  }
}
