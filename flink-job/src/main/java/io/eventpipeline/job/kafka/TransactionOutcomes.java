package io.eventpipeline.job.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Finds out what became of a transaction by reading one record of it.
 *
 * <p>The coordinator only knows the newest transaction of an id, and a fenced producer is told just
 * that it is not the newest. The log knows for ever: a reader of committed records is given the
 * witness, or is led past it. Needs the right to read the output topics. Not thread-safe.
 */
final class TransactionOutcomes implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> reader;

  TransactionOutcomes(Properties connection) {
    Properties settings = new Properties();
    settings.putAll(connection);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1");
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "30000");
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    this.reader = new KafkaConsumer<>(settings);
  }

  /** As of now. */
  Outcome of(PendingTransaction pending) {
    Witness witness = pending.witness();
    if (witness == null) {
      return Outcome.UNKNOWN;
    }
    var partition = new TopicPartition(witness.topic(), witness.partition());
    reader.assign(List.of(partition));
    if (reader.beginningOffsets(Set.of(partition)).get(partition) > witness.offset()) {
      return Outcome.UNKNOWN;
    }
    // For this kind of reader the end is the last stable offset
    if (reader.endOffsets(Set.of(partition)).get(partition) <= witness.offset()) {
      return Outcome.OPEN;
    }
    reader.seek(partition, witness.offset());
    while (reader.position(partition) <= witness.offset()) {
      for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
        return record.offset() == witness.offset() ? Outcome.COMMITTED : Outcome.ABORTED;
      }
    }
    return Outcome.ABORTED;
  }

  /** As soon as it is not {@link Outcome#OPEN} any more, or {@code OPEN} after {@code patience}. */
  Outcome await(PendingTransaction pending, Duration patience) throws InterruptedException {
    Instant deadline = Instant.now().plus(patience);
    Outcome outcome = of(pending);
    while (outcome == Outcome.OPEN && Instant.now().isBefore(deadline)) {
      Thread.sleep(POLL.toMillis());
      outcome = of(pending);
    }
    return outcome;
  }

  @Override
  public void close() {
    reader.close();
  }
}
