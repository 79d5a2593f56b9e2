package io.eventpipeline.job.restart;

import io.eventpipeline.contract.Topics;
import io.eventpipeline.job.TestEvents;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends events that are numbered in their ids at a steady rate, and counts them where they come
 * out.
 */
final class Shoppers implements AutoCloseable {
  private static final Pattern NUMBER = Pattern.compile("\"id\":\"event-(\\d+)\"");
  private static final int BURST = 10;

  private final String bootstrapServers;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private volatile boolean shopping;
  private Thread thread;

  Shoppers(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ACKS_CONFIG,
                "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /**
   * What came out.
   *
   * @param lost numbers that are missing
   * @param doubled records beyond the first of a number
   */
  record Count(int lost, int doubled) {}

  void start(int eventsPerSecond) {
    shopping = true;
    long pause = 1_000_000_000L * BURST / eventsPerSecond;
    thread =
        new Thread(
            () -> {
              long next = System.nanoTime();
              while (shopping) {
                for (int i = 0; i < BURST; i++) {
                  send(sent.getAndIncrement());
                }
                next += pause;
                LockSupport.parkNanos(next - System.nanoTime());
              }
            },
            "shoppers");
    thread.start();
  }

  void send(int count) {
    String user = "u-" + count % 1_000;
    String json =
        TestEvents.envelope(
                "event-" + count,
                "product.viewed",
                "s-" + count % 500,
                Instant.now(),
                "{\"sku\":\"SKU-1\"}")
            .replace("\"userid\":\"u-42\"", "\"userid\":\"" + user + "\"");
    var unused =
        producer.send(
            new ProducerRecord<>(
                Topics.RAW,
                ("store-1/c-" + count % 500).getBytes(StandardCharsets.UTF_8),
                json.getBytes(StandardCharsets.UTF_8)),
            (place, error) -> {
              if (error != null) {
                failure.compareAndSet(null, error);
              }
            });
  }

  /** So many more, at once. */
  void sendMore(int count) {
    for (int i = 0; i < count; i++) {
      send(sent.getAndIncrement());
    }
    producer.flush();
  }

  /** Returns how many events Kafka has acknowledged, in all. */
  int stop() throws Exception {
    shopping = false;
    if (thread != null) {
      thread.join();
    }
    producer.flush();
    if (failure.get() != null) {
      throw failure.get();
    }
    return sent.get();
  }

  int sent() {
    return sent.get();
  }

  /** What readers of committed records find in a topic of numbers below {@code count}. */
  Count count(String topic, int count) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    BitSet seen = new BitSet(count);
    int doubled = 0;
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          Matcher number = NUMBER.matcher(new String(record.value(), StandardCharsets.UTF_8));
          if (!number.find()) {
            throw new AssertionError("a record that was never sent");
          }
          int which = Integer.parseInt(number.group(1));
          if (seen.get(which)) {
            doubled++;
          }
          seen.set(which);
        }
      }
    }
    return new Count(count - seen.cardinality(), doubled);
  }

  @Override
  public void close() {
    shopping = false;
    producer.close(Duration.ofSeconds(5));
  }
}
