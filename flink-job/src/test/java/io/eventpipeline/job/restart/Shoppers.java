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
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends events that are numbered in their ids at a steady rate, and counts them where they come
 * out.
 */
final class Shoppers implements AutoCloseable {
  private static final Pattern NUMBER = Pattern.compile("\"id\":\"event-(\\d+)\"");
  private static final String OTHERS = "\"id\":\"kept-";
  private static final int BURST = 10;
  private static final int SESSIONS = 500;

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
   * @param disordered records that follow one of the same session with a greater number
   */
  record Count(int lost, int doubled, int disordered) {
    static final Count PERFECT = new Count(0, 0, 0);
  }

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
                "s-" + count % SESSIONS,
                Instant.now(),
                "{\"sku\":\"SKU-1\"}")
            .replace("\"userid\":\"u-42\"", "\"userid\":\"" + user + "\"");
    send("store-1/c-" + count % SESSIONS, json);
  }

  private void acknowledged(RecordMetadata place, Exception error) {
    if (error != null) {
      failure.compareAndSet(null, error);
    }
  }

  /** Once more what was sent before, from one number up to another. */
  void repeat(int from, int to) {
    for (int count = from; count < to; count++) {
      send(count);
    }
    producer.flush();
  }

  /** One event of somebody else's. */
  void send(String key, String json) {
    var unused =
        producer.send(
            new ProducerRecord<>(
                Topics.RAW,
                key.getBytes(StandardCharsets.UTF_8),
                json.getBytes(StandardCharsets.UTF_8)),
            this::acknowledged);
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
    int[] newest = new int[SESSIONS];
    int doubled = 0;
    int disordered = 0;
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
          String json = new String(record.value(), StandardCharsets.UTF_8);
          if (json.contains(OTHERS)) {
            continue;
          }
          Matcher number = NUMBER.matcher(json);
          if (!number.find()) {
            throw new AssertionError("a record that was never sent");
          }
          int which = Integer.parseInt(number.group(1));
          if (which < newest[which % SESSIONS]) {
            disordered++;
          }
          newest[which % SESSIONS] = which;
          if (seen.get(which)) {
            doubled++;
          }
          seen.set(which);
        }
      }
    }
    return new Count(count - seen.cardinality(), doubled, disordered);
  }

  @Override
  public void close() {
    shopping = false;
    producer.close(Duration.ofSeconds(5));
  }
}
