package io.eventpipeline.job;

import io.eventpipeline.contract.Topics;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** Where the job reads from. */
final class Sources {
  /**
   * The broker answers when it has this much, or after that wait: a busy topic is read in large
   * pieces instead of event by event, and the wait is short beside the checkpoint's interval.
   */
  private static final int FETCH_BYTES_MIN = 64 * 1_024;

  private static final int FETCH_WAIT_MILLIS = 50;

  private Sources() {}

  /**
   * The raw topic, exactly once by Flink's checkpoints.
   *
   * <p>A start without a checkpoint goes on from the group's committed offsets, or from the
   * earliest ones. Offsets are committed with each checkpoint, for people and the status page to
   * see the lag; the job itself does not read them again.
   */
  @SuppressWarnings("deprecation") // the connector takes the old enum only
  static KafkaSource<RawEvent> raw(JobConfig.Kafka config) {
    return KafkaSource.<RawEvent>builder()
        .setBootstrapServers(config.bootstrapServers())
        .setTopics(Topics.RAW)
        .setGroupId(config.groupId())
        .setClientIdPrefix(config.groupId())
        .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
        .setProperty("commit.offsets.on.checkpoint", "true")
        .setProperty(
            "partition.discovery.interval.ms",
            String.valueOf(config.partitionDiscovery().toMillis()))
        .setProperty(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, String.valueOf(FETCH_BYTES_MIN))
        .setProperty(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, String.valueOf(FETCH_WAIT_MILLIS))
        .setDeserializer(new RawEventSchema())
        .build();
  }
}
