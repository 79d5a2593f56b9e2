package io.eventpipeline.job;

import io.eventpipeline.contract.Topics;
import io.eventpipeline.job.kafka.PromptCommitSource;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** Where the job reads from. */
final class Sources {
  private Sources() {}

  /**
   * The raw topic, exactly once by Flink's checkpoints.
   *
   * <p>A start without a checkpoint goes on from the group's committed offsets, or from the
   * earliest ones. Offsets are committed with each checkpoint, for people and the status page to
   * see the lag; the job itself does not read them again.
   */
  @SuppressWarnings("deprecation") // the connector takes the old enum only
  static Source<RawEvent, ?, ?> raw(JobConfig.Kafka config) {
    return new PromptCommitSource<>(
        KafkaSource.<RawEvent>builder()
            .setBootstrapServers(config.bootstrapServers())
            .setTopics(Topics.RAW)
            .setGroupId(config.groupId())
            .setClientIdPrefix(config.groupId())
            .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
            .setProperty("commit.offsets.on.checkpoint", "true")
            .setProperty(
                "partition.discovery.interval.ms",
                String.valueOf(config.partitionDiscovery().toMillis()))
            .setDeserializer(new RawEventSchema())
            .build());
  }
}
