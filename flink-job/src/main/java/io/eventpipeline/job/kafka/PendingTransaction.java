package io.eventpipeline.job.kafka;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;

/**
 * A transaction that is written and not yet committed, as a checkpoint keeps it.
 *
 * @param kafka by what Kafka knows it
 * @param witness one record of it; null in checkpoints of version 0.1.0
 * @param afterCheckpoint the transaction holds what was written between this checkpoint and the
 *     next; 0 before the first
 * @param records number of records in it
 * @param sources where they came from, by partition; empty in checkpoints of version 0.1.0
 */
record PendingTransaction(
    KafkaCommittable kafka,
    Witness witness,
    long afterCheckpoint,
    long records,
    List<Offsets> sources) {

  /** No other transaction was ever or will ever be named so: an epoch is used once. */
  String name() {
    return kafka.getTransactionalId() + "/" + kafka.getProducerId() + "/" + kafka.getEpoch();
  }

  /** Whether it came out of a checkpoint; else its producer is in this process. */
  boolean restored() {
    return kafka.getProducer().isEmpty();
  }

  String sourcesText() {
    return sources.isEmpty()
        ? "offsets not known"
        : sources.stream().map(Offsets::toString).collect(Collectors.joining(", "));
  }
}
