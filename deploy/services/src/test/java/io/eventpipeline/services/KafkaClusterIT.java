package io.eventpipeline.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers that stand in for each other. */
class KafkaClusterIT {
  private static final String TOPIC = "kept";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int BATCH = 200;

  @TempDir Path directory;

  @Test
  void keepsTakingRecordsWithoutTheLeaderAndLosesNone() throws Exception {
    try (var kit = ServiceKit.builder(directory).kafka(3).start();
        var admin = Admin.create(Map.of("bootstrap.servers", kit.kafka().bootstrapServers()));
        var producer =
            new KafkaProducer<>(
                Map.<String, Object>of(
                    "bootstrap.servers", kit.kafka().bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
      assertThat(kit.kafkaBrokers())
          .extracting(Service::name)
          .containsExactly("kafka-1", "kafka-2", "kafka-3");
      admin
          .createTopics(List.of(new NewTopic(TOPIC, Optional.of(1), Optional.empty())))
          .all()
          .get();
      await().atMost(LONG).until(() -> partition(admin).isr().size() == 3);
      List<String> acknowledged = new ArrayList<>(send(producer, 0));

      int leader = partition(admin).leader().id();
      KafkaBroker killed = kit.kafkaBrokers().get(leader - 1);
      killed.kill();
      acknowledged.addAll(send(producer, BATCH));

      assertThat(partition(admin).leader().id()).isNotEqualTo(leader);
      killed.start();
      await().atMost(LONG).until(() -> partition(admin).isr().size() == 3);
      assertThat(read(kit.kafka().bootstrapServers())).isEqualTo(acknowledged);
    }
  }

  private static TopicPartitionInfo partition(Admin admin) throws Exception {
    return admin
        .describeTopics(List.of(TOPIC))
        .allTopicNames()
        .get()
        .get(TOPIC)
        .partitions()
        .get(0);
  }

  /** Returns what was sent once all of it is acknowledged. */
  private static List<String> send(KafkaProducer<String, String> producer, int from)
      throws Exception {
    List<String> values = IntStream.range(from, from + BATCH).mapToObj(Integer::toString).toList();
    List<Future<?>> sent = new ArrayList<>();
    for (String value : values) {
      sent.add(producer.send(new ProducerRecord<>(TOPIC, value)));
    }
    for (Future<?> one : sent) {
      one.get();
    }
    return values;
  }

  private static List<String> read(String bootstrapServers) {
    List<String> values = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", bootstrapServers),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
      long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
      while (consumer.position(PARTITION) < end) {
        consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }
}
