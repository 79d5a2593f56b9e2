package io.eventpipeline.edge.status;

import io.eventpipeline.contract.Topics;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/** The cluster, the raw topic and how far the job's group is behind it. */
final class KafkaProbe implements Probe {
  private final Admin admin;
  private final String group;
  private final Duration timeout;

  KafkaProbe(String bootstrapServers, String group, Duration timeout) {
    this.admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.CLIENT_ID_CONFIG,
                "edge-status"));
    this.group = group;
    this.timeout = timeout;
  }

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public Finding look() throws ExecutionException, InterruptedException, TimeoutException {
    TopicDescription topic =
        get(admin.describeTopics(List.of(Topics.RAW)).allTopicNames()).get(Topics.RAW);
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    int withoutLeader = 0;
    for (TopicPartitionInfo partition : topic.partitions()) {
      latest.put(new TopicPartition(Topics.RAW, partition.partition()), OffsetSpec.latest());
      withoutLeader += partition.leader() == null || partition.leader().isEmpty() ? 1 : 0;
    }
    if (withoutLeader > 0) {
      return Finding.down(withoutLeader + " partitions of " + Topics.RAW + " have no leader");
    }
    Map<TopicPartition, ListOffsetsResultInfo> ends = get(admin.listOffsets(latest).all());
    Map<TopicPartition, OffsetAndMetadata> committed =
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    return Finding.ok(details(ends, committed));
  }

  private JsonObject details(
      Map<TopicPartition, ListOffsetsResultInfo> ends,
      Map<TopicPartition, OffsetAndMetadata> committed) {
    JsonObject details = new JsonObject().put("topic", Topics.RAW).put("group", group);
    long events = 0;
    long lag = 0;
    boolean known = false;
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : ends.entrySet()) {
      OffsetAndMetadata done = committed.get(end.getKey());
      events += end.getValue().offset();
      lag += end.getValue().offset() - (done == null ? 0 : done.offset());
      known |= done != null;
    }
    details.put("partitions", ends.size()).put("end_offsets", events);
    return known ? details.put("lag", lag) : details.putNull("lag");
  }

  private <T> T get(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
