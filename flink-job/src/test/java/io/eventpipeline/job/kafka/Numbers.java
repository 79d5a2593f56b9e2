package io.eventpipeline.job.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;

/** Numbers that are written to a topic of their own; each is its own offset of partition 0. */
final class Numbers {
  final String topic = "numbers-" + UUID.randomUUID().toString().substring(0, 8);
  final String prefix = topic + ".";
  final Properties connection = new Properties();

  Numbers(String bootstrapServers) throws Exception {
    connection.setProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    try (Admin admin = Admin.create(connection)) {
      admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
    }
  }

  GuardedKafkaSink<Long> guarded(String... writtenOff) {
    return guarded(prefix, TransactionNamingStrategy.POOLING, writtenOff);
  }

  GuardedKafkaSink<Long> guarded(
      String idPrefix, TransactionNamingStrategy naming, String... writtenOff) {
    return new GuardedKafkaSink<>(
        connectors(idPrefix, naming),
        connection,
        idPrefix,
        new Itself(),
        "the-source",
        Set.of(writtenOff),
        Ownership.UNCONTESTED);
  }

  KafkaSink<Long> connectors(String idPrefix, TransactionNamingStrategy naming) {
    return KafkaSink.<Long>builder()
        .setBootstrapServers(connection.getProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG))
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix(idPrefix)
        .setTransactionNamingStrategy(naming)
        .setProperty("transaction.timeout.ms", "600000")
        .setRecordSerializer(new ToTopic(topic))
        .build();
  }

  /** What readers of committed records see, in no order. */
  List<Long> committed() {
    Map<String, Object> settings = new HashMap<>();
    connection.forEach((key, value) -> settings.put((String) key, value));
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    List<Long> values = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new LongDeserializer())) {
      List<TopicPartition> partitions =
          List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }

  /** Transactions of this topic's jobs that are open, whatever their prefix. */
  List<String> open() throws Exception {
    return ids(new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)));
  }

  /** All transactional ids of this topic's jobs that the broker knows, whatever their prefix. */
  List<String> ids() throws Exception {
    return ids(new ListTransactionsOptions());
  }

  private List<String> ids(ListTransactionsOptions which) throws Exception {
    try (Admin admin = Admin.create(connection)) {
      return admin.listTransactions(which).all().get().stream()
          .map(TransactionListing::transactionalId)
          .filter(id -> id.startsWith(topic))
          .sorted()
          .toList();
    }
  }

  private static final class Itself implements Provenance<Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public int partition(Long outgoing) {
      return 0;
    }

    @Override
    public long offset(Long outgoing) {
      return outgoing;
    }
  }

  private static final class ToTopic
      implements KafkaRecordSerializationSchema<Long>, KafkaDatasetFacetProvider {
    private static final long serialVersionUID = 1L;
    private final String topic;

    ToTopic(String topic) {
      this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
        Long number, KafkaSinkContext context, Long timestamp) {
      return new ProducerRecord<>(
          topic, (int) (number % 2), null, new LongSerializer().serialize(topic, number));
    }

    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
      return Optional.of(
          new DefaultKafkaDatasetFacet(DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic))));
    }
  }
}
