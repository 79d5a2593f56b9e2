package io.eventpipeline.launcher.stack;

import io.eventpipeline.launcher.cli.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates topics; the broker never does so by itself, a misspelt name must fail. */
final class KafkaTopics {
  private KafkaTopics() {}

  /**
   * Creates those of {@code partitionsByTopic} that are missing, with as many replicas as the
   * brokers do by default; a topic that is there is left as it is. Returns once they know them all.
   */
  static void create(String bootstrapServers, Map<String, Integer> partitionsByTopic)
      throws InterruptedException {
    Map<String, Object> settings =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 30_000,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    try (Admin admin = Admin.create(settings)) {
      Set<String> existing = admin.listTopics().names().get();
      List<NewTopic> missing = new ArrayList<>();
      partitionsByTopic.forEach(
          (topic, partitions) -> {
            if (!existing.contains(topic)) {
              missing.add(new NewTopic(topic, Optional.of(partitions), Optional.empty()));
            }
          });
      for (var result : admin.createTopics(missing).values().values()) {
        awaitCreated(result);
      }
    } catch (ExecutionException e) {
      throw new CommandException("cannot create topics: " + e.getCause().getMessage(), e);
    }
  }

  private static void awaitCreated(java.util.concurrent.Future<?> result)
      throws InterruptedException, ExecutionException {
    try {
      result.get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }
}
