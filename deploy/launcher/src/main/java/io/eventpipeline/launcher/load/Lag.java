package io.eventpipeline.launcher.load;

import io.eventpipeline.contract.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How many records of the raw topic the job has not covered with a checkpoint. Any thread.
 *
 * <p>The job commits its offsets with each checkpoint, so that 0 means: taken in, and durable.
 */
final class Lag implements AutoCloseable {
  private static final int TIMEOUT_SECONDS = 5;

  private final Admin admin;
  private final String group;

  Lag(String bootstrapServers, String group) {
    this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    this.group = group;
  }

  /** Records; empty while Kafka does not answer or the job has not committed anything. */
  OptionalLong records() throws InterruptedException {
    try {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      var ends =
          admin
              .listOffsets(
                  committed.keySet().stream()
                      .filter(partition -> partition.topic().equals(Topics.RAW))
                      .collect(Collectors.toMap(partition -> partition, p -> OffsetSpec.latest())))
              .all()
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      long lag = 0;
      for (var end : ends.entrySet()) {
        OffsetAndMetadata offset = committed.get(end.getKey());
        lag += end.getValue().offset() - (offset == null ? 0 : offset.offset());
      }
      return ends.isEmpty() ? OptionalLong.empty() : OptionalLong.of(lag);
    } catch (ExecutionException | TimeoutException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
