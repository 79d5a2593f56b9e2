package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.config.ConfigException;
import io.eventpipeline.config.ConfigReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class JobConfigTest {
  private static final Path FOLDER = Path.of("config");

  @Test
  void shipsTwoFilesThatSayTheSame() {
    JobConfig minimal = read("job.minimal.yaml", Map.of());

    assertThat(read("job.reference.yaml", Map.of())).isEqualTo(minimal);
    assertThat(minimal.dedup()).isEqualTo(new JobConfig.Dedup(Duration.ofHours(1), 32 << 20));
    assertThat(minimal.checkpoint().interval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(minimal.sessions().gap()).isEqualTo(Duration.ofMinutes(30));
    assertThat(minimal.routes())
        .isEqualTo(
            Map.of(
                "orders", new JobConfig.Route(List.of("order.completed"), List.of()),
                "carts-abandoned", new JobConfig.Route(List.of("cart.abandoned"), List.of())));
  }

  @Test
  void travelsToTheTaskManagers() throws Exception {
    JobConfig config = read("job.minimal.yaml", Map.of());

    assertThat(InstantiationUtil.clone(config)).isEqualTo(config);
  }

  @Test
  void hidesPasswordsAndTokens() {
    assertThat(read("job.minimal.yaml", Map.of()).toString())
        .doesNotContain("pipeline-local")
        .doesNotContain("postgres-local")
        .doesNotContain("dev-registry-token");
  }

  @Test
  void refusesSettingsThatCannotWorkTogether() {
    refuses(Map.of("JOB_ENRICH_TIMEOUT", "PT1S"), "enrich.timeout");
    refuses(Map.of("JOB_REGISTRY_RETRY_FOR", "PT0.5S"), "registry.retryFor");
    refuses(Map.of("JOB_DEDUP_TTL", "P8D"), "dedup.ttl");
    refuses(Map.of("JOB_DEDUP_FILTER_BYTES", "1023"), "dedup.filterBytes");
    refuses(Map.of("JOB_DEDUP_FILTER_BYTES", "268435457"), "dedup.filterBytes");
    refuses(Map.of("JOB_ROUTES", "{Orders: {types: [], stores: []}}"), "routes");
  }

  /** Four checkpoints that time out, and a restart: 4 x 121.2 s, 3 s, 6 s and 30 s. */
  @Test
  void refusesTransactionsThatEndBeforeTheJobRestarts() {
    refuses(Map.of("JOB_KAFKA_TRANSACTION_TIMEOUT", "PT8M43S"), "kafka.transactionTimeout");
    refuses(Map.of("JOB_CHECKPOINT_TIMEOUT", "PT5M"), "kafka.transactionTimeout");
    refuses(Map.of("JOB_CHECKPOINT_FAILURES_MAX", "7"), "kafka.transactionTimeout");

    JobConfig shortest =
        read("job.minimal.yaml", Map.of("JOB_KAFKA_TRANSACTION_TIMEOUT", "PT8M44S"));
    assertThat(shortest.checkpoint().incompleteMax()).isEqualTo(Duration.ofMillis(4 * 121_200));
  }

  /** A start aborts every open transaction whose id begins with its prefix. */
  @Test
  void refusesAPrefixThatMayBeginAnother() {
    refuses(Map.of("JOB_KAFKA_TRANSACTIONAL_ID_PREFIX", "evt"), "must end in a dot");
    refuses(Map.of("JOB_KAFKA_TRANSACTIONAL_ID_PREFIX", "evt.blue."), "and have no other");
  }

  @Test
  void refusesToForgetAKeyWhoseEventsWait() {
    refuses(Map.of("JOB_ORDER_WAIT_MAX", "PT15M"), "order.waitMax");
  }

  @Test
  void refusesToForgetAKeyWhoseEventsMayBeFollowed() {
    refuses(Map.of("JOB_ORDER_RECENT", "PT2M"), "order.recent");
  }

  private static void refuses(Map<String, String> environment, String message) {
    assertThatThrownBy(() -> read("job.minimal.yaml", environment))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  static JobConfig read(String file, Map<String, String> environment) {
    return ConfigReader.read(JobConfig.class, FOLDER.resolve(file), "JOB", environment);
  }
}
