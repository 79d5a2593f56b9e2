package io.eventpipeline.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.contract.Topics;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The raw topic as a consumer sees it. */
final class RawTopic {
  static final int PARTITIONS = 4;
  private static final Duration LONG = Duration.ofSeconds(60);

  private final String bootstrapServers;

  RawTopic(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /** Makes it, if it is not there. */
  void create() throws InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin.createTopics(List.of(new NewTopic(Topics.RAW, PARTITIONS, (short) 1))).all().get();
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(TopicExistsException.class);
    }
  }

  /** Ids of the run, and for each place {@code @partition/offset} the id that stands there. */
  Map<String, String> storedIds(String run) {
    Map<String, String> stored = new HashMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (int i = 0; i < PARTITIONS; i++) {
        partitions.add(new TopicPartition(Topics.RAW, i));
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          String id = new JsonObject(new String(record.value(), UTF_8)).getString("id");
          if (id.startsWith(run)) {
            stored.put(id, "");
            stored.put("@" + record.partition() + "/" + record.offset(), id);
          }
        }
      }
    }
    return stored;
  }

  /** The record that stands there; waits for it. */
  ConsumerRecord<byte[], byte[]> recordAt(int partition, long offset) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      TopicPartition place = new TopicPartition(Topics.RAW, partition);
      consumer.assign(List.of(place));
      consumer.seek(place, offset);
      return await("what was acknowledged as " + place + ", offset " + offset)
          .atMost(LONG)
          .until(
              () -> consumer.poll(Duration.ofMillis(200)).records(place),
              records -> !records.isEmpty())
          .get(0);
    }
  }

  /**
   * Whether the producer of the partition's last record numbers what it sends, so that a retry is
   * stored once; Kafka's producer does that only when it waits for all replicas in sync.
   */
  boolean isNumbered(ConsumerRecord<byte[], byte[]> last)
      throws InterruptedException, ExecutionException {
    TopicPartition place = new TopicPartition(last.topic(), last.partition());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      return admin
          .describeProducers(List.of(place))
          .partitionResult(place)
          .get()
          .activeProducers()
          .stream()
          .anyMatch(producer -> producer.lastTimestamp() == last.timestamp());
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", bootstrapServers),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
