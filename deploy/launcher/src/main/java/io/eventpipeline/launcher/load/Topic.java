package io.eventpipeline.launcher.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The committed records that a topic got since this object was made. One thread.
 *
 * <p>Reads with {@code isolation.level=read_committed}: records of open and aborted transactions
 * are never seen.
 */
final class Topic implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(500);

  private final String name;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> starts;

  /**
   * Notes where the topic ends now.
   *
   * @throws KafkaException when the broker does not answer or has no such topic
   */
  Topic(String bootstrapServers, String name) {
    this.name = name;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    try {
      this.starts = Map.copyOf(ends());
    } catch (KafkaException e) {
      consumer.close();
      throw e;
    }
  }

  /** Where the committed part of each partition ends. */
  private Map<TopicPartition, Long> ends() {
    List<TopicPartition> partitions =
        consumer.partitionsFor(name, TIMEOUT).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new KafkaException("there is no topic " + name);
    }
    return consumer.endOffsets(partitions, TIMEOUT);
  }

  /** The next {@link #read} starts from where the topic ended when this object was made. */
  void rewind() {
    consumer.assign(ends().keySet());
    consumer
        .assignment()
        .forEach(partition -> consumer.seek(partition, starts.getOrDefault(partition, 0L)));
  }

  /** Gives every record that is committed by now and was not yet read to {@code reader}. */
  void read(Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    Map<TopicPartition, Long> ends = ends();
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!reached(ends)) {
      var records = consumer.poll(POLL);
      records.forEach(reader);
      if (!records.isEmpty()) {
        deadline = System.nanoTime() + TIMEOUT.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new KafkaException("no records of " + name + " for " + TIMEOUT.toSeconds() + " s");
      }
    }
  }

  private boolean reached(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey(), TIMEOUT) >= end.getValue());
  }

  @Override
  public void close() {
    consumer.close();
  }
}
