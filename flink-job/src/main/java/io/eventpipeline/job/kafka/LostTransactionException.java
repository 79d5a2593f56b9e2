package io.eventpipeline.job.kafka;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * A completed checkpoint's transaction is not in Kafka and never will be. Flink does not restart
 * the job for this one: a restart would change nothing, and going on would hide the loss.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class LostTransactionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LostTransactionException(
      PendingTransaction lost, String why, String sourceTopic, Throwable cause) {
    super(
        ("Kafka transaction %s, written after checkpoint %d, %s: %d output records are missing,"
                + " made from %s %s. The job stops. Start it %s, and it makes them again, and again"
                + " what other subtasks have committed since; or name %s in kafka.writtenOff and"
                + " start from the same checkpoint, and they stay missing in Kafka")
            .formatted(
                lost.kafka().getTransactionalId(),
                lost.afterCheckpoint(),
                why,
                lost.records(),
                sourceTopic,
                lost.sourcesText(),
                lost.afterCheckpoint() == 0
                    ? "without a checkpoint"
                    : "from checkpoint %d or an older one".formatted(lost.afterCheckpoint()),
                lost.name()),
        cause);
  }
}
