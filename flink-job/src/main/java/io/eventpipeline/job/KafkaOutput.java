package io.eventpipeline.job;

import io.eventpipeline.contract.Topics;
import io.eventpipeline.job.kafka.GuardedKafkaSink;
import io.eventpipeline.job.kafka.Ownership;
import io.eventpipeline.job.kafka.Provenance;
import io.eventpipeline.job.lease.Lease;
import io.eventpipeline.job.lease.LeaseTerms;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * All output topics through one sink: the validated, enriched, routed and dead records of a
 * checkpoint are one Kafka transaction a subtask.
 *
 * <p>Exactly once for readers with {@code isolation.level=read_committed}: a transaction is
 * committed when its checkpoint is complete, or the job stops and says what is missing: see {@link
 * GuardedKafkaSink}. The transaction timeout must exceed the time that the job goes on without a
 * complete checkpoint, all failures that it tolerates included, plus the longest downtime that is
 * to lose nothing ({@link JobConfig} refuses one that leaves no time for a restart), and must not
 * exceed the broker's {@code transaction.max.timeout.ms}. Transactional ids come from a pool
 * ({@code RATIONALE.md} of the package {@code kafka} says why), so the topics must be known in
 * advance.
 */
final class KafkaOutput {
  /**
   * No committed record is seen before its checkpoint, and a checkpoint does not wait for the rest
   * of a batch. With 20 ms and batches of 128 KiB the broker took 18 us of CPU an event, with these
   * 13.
   */
  private static final int LINGER_MILLIS = 100;

  private static final int BATCH_BYTES = 512 * 1_024;

  private KafkaOutput() {}

  static GuardedKafkaSink<OutgoingRecord> sink(JobConfig config) {
    JobConfig.Kafka kafka = config.kafka();
    return new GuardedKafkaSink<>(
        unguarded(config),
        connection(kafka),
        kafka.transactionalIdPrefix(),
        new Source(),
        Topics.RAW,
        Set.copyOf(kafka.writtenOff()),
        ownership(leaseTerms(config)));
  }

  private static Ownership ownership(LeaseTerms terms) {
    return job -> Lease.take(terms, job);
  }

  /** Only one running job may write under the prefix and read for the group. */
  static LeaseTerms leaseTerms(JobConfig config) {
    JobConfig.Postgres postgres = config.postgres();
    JobConfig.Kafka kafka = config.kafka();
    return new LeaseTerms(
        postgres.url(),
        postgres.user(),
        postgres.password(),
        postgres.timeout(),
        kafka.lease(),
        List.of(
            "transactional ids " + kafka.transactionalIdPrefix(),
            "consumer group " + kafka.groupId()));
  }

  /** How the brokers are reached. */
  static Properties connection(JobConfig.Kafka kafka) {
    Properties connection = new Properties();
    connection.setProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
    return connection;
  }

  /** The connector's own sink; for tests that show what it loses. */
  static KafkaSink<OutgoingRecord> unguarded(JobConfig config) {
    JobConfig.Kafka kafka = config.kafka();
    Properties producer = new Properties();
    producer.setProperty(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
        String.valueOf(kafka.transactionTimeout().toMillis()));
    producer.setProperty(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(2 * kafka.recordBytesMax()));
    producer.setProperty(ProducerConfig.LINGER_MS_CONFIG, String.valueOf(LINGER_MILLIS));
    producer.setProperty(ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(BATCH_BYTES));
    producer.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, kafka.compression());
    producer.setProperty(ProducerConfig.COMPRESSION_ZSTD_LEVEL_CONFIG, "1");
    return KafkaSink.<OutgoingRecord>builder()
        .setBootstrapServers(kafka.bootstrapServers())
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix(kafka.transactionalIdPrefix())
        .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
        .setKafkaProducerConfig(producer)
        .setRecordSerializer(new Serializer(topics(config)))
        .build();
  }

  /** Every topic that the job may write to. */
  static List<String> topics(JobConfig config) {
    List<String> topics =
        new ArrayList<>(List.of(Topics.VALIDATED, Topics.ENRICHED, Topics.DEAD_LETTERS));
    config.routes().keySet().forEach(name -> topics.add(Topics.route(name)));
    return topics;
  }

  private static final class Source implements Provenance<OutgoingRecord> {
    private static final long serialVersionUID = 1L;

    @Override
    public int partition(OutgoingRecord outgoing) {
      return outgoing.sourcePartition();
    }

    @Override
    public long offset(OutgoingRecord outgoing) {
      return outgoing.sourceOffset();
    }
  }

  private static final class Serializer
      implements KafkaRecordSerializationSchema<OutgoingRecord>, KafkaDatasetFacetProvider {
    private static final long serialVersionUID = 1L;
    private final ArrayList<String> topics;

    Serializer(List<String> topics) {
      this.topics = new ArrayList<>(topics);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
        OutgoingRecord out, KafkaSinkContext context, Long timestamp) {
      RecordHeaders headers = new RecordHeaders();
      out.headers()
          .forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
      return new ProducerRecord<>(
          out.topic(), null, out.timestampMillis(), out.key(), out.value(), headers);
    }

    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
      return Optional.of(
          new DefaultKafkaDatasetFacet(DefaultKafkaDatasetIdentifier.ofTopics(topics)));
    }
  }
}
