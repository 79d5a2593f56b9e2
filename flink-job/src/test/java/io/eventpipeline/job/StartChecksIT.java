package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.contract.Topics;
import io.eventpipeline.job.lease.Lease;
import io.eventpipeline.migrate.Migrations;
import io.eventpipeline.services.PostgresServer;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.PipelineOptionsInternal;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** That a start asks for everything that it must; what is asked is tested with each check. */
@WithServices({Server.KAFKA, Server.POSTGRES})
@Execution(ExecutionMode.CONCURRENT) // most of it is waiting
class StartChecksIT {
  private static final String ROUTE = "for-start-checks";
  private static Map<String, String> environment;

  @BeforeAll
  static void prepare(ServiceKit kit) throws Exception {
    PostgresServer postgres = kit.postgres();
    String url = postgres.jdbcUrl(PostgresServer.DATABASE);
    Migrations.postgres(url, postgres.user(), postgres.password(), false);
    environment = new HashMap<>();
    environment.put("JOB_KAFKA_BOOTSTRAP_SERVERS", kit.kafka().bootstrapServers());
    environment.put("JOB_KAFKA_GROUP_ID", "start-checks-" + UUID.randomUUID());
    environment.put("JOB_KAFKA_TRANSACTIONAL_ID_PREFIX", "start-checks-" + UUID.randomUUID() + ".");
    environment.put("JOB_KAFKA_LEASE", "PT3S");
    environment.put("JOB_POSTGRES_URL", url);
    environment.put("JOB_POSTGRES_USER", postgres.user());
    environment.put("JOB_POSTGRES_PASSWORD", postgres.password());
    try (Admin admin = Admin.create(KafkaOutput.connection(config().kafka()))) {
      for (String topic : StartChecks.topics(config())) {
        create(admin, topic);
      }
    }
  }

  @Test
  void allowsAJobThatHasAllItNeeds() {
    assertThatCode(() -> StartChecks.run(config())).doesNotThrowAnyException();
  }

  @Test
  void asksForTheTopicOfEachRoute() {
    JobConfig config =
        config("JOB_ROUTES", "{" + ROUTE + ": {types: [order.completed], stores: []}}");

    assertThatThrownBy(() -> StartChecks.run(config))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining(Topics.route(ROUTE));
  }

  @Test
  void givesATopicThatWasJustCreatedTimeToBeSeen() throws Exception {
    String route = "for-start-checks-late";
    JobConfig config =
        config("JOB_ROUTES", "{" + route + ": {types: [order.completed], stores: []}}");
    var later = CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS);
    try (Admin admin = Admin.create(KafkaOutput.connection(config.kafka()))) {
      var created = CompletableFuture.runAsync(() -> create(admin, Topics.route(route)), later);

      assertThatCode(() -> StartChecks.run(config)).doesNotThrowAnyException();
      created.join();
    }
  }

  @Test
  void asksForTheTopicThatIsRead() {
    assertThat(StartChecks.topics(config()))
        .contains(Topics.RAW, Topics.VALIDATED, Topics.ENRICHED, Topics.DEAD_LETTERS);
  }

  @Test
  void asksWhetherTheBrokersAllowTheTimeout() {
    assertThatThrownBy(() -> StartChecks.run(config("JOB_KAFKA_TRANSACTION_TIMEOUT", "P8D")))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("kafka.transactionTimeout is PT192H");
  }

  @Test
  void asksWhetherAnotherJobHasThePrefixOrTheGroup() {
    String group = "taken-" + UUID.randomUUID();
    String prefix = "taken-" + UUID.randomUUID() + ".";
    JobConfig config =
        config("JOB_KAFKA_GROUP_ID", group, "JOB_KAFKA_TRANSACTIONAL_ID_PREFIX", prefix);
    try (Lease other = Lease.take(KafkaOutput.leaseTerms(config), "another-job")) {
      other.check();
      JobConfig samePrefix = config("JOB_KAFKA_TRANSACTIONAL_ID_PREFIX", prefix);
      JobConfig sameGroup = config("JOB_KAFKA_GROUP_ID", group);
      for (JobConfig second : List.of(samePrefix, sameGroup)) {
        assertThatThrownBy(() -> StartChecks.run(second))
            .isInstanceOf(StartRefusedException.class)
            .hasMessageContaining("job another-job");
      }
    }
  }

  @Test
  void areNotMadeAgainForAJobThatFlinkRecoversByItsMain() throws Exception {
    String id = "0123456789abcdef0123456789abcdef";
    Configuration flink = new Configuration();
    flink.set(PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID, id);
    flink.set(HighAvailabilityOptions.HA_MODE, "zookeeper");
    JobConfig config =
        config(
            "JOB_KAFKA_GROUP_ID",
            "recovered-" + UUID.randomUUID(),
            "JOB_KAFKA_TRANSACTIONAL_ID_PREFIX",
            "recovered-" + UUID.randomUUID() + ".");
    assertThat(StartChecks.passedBefore(config, flink)).as("its first start").isFalse();

    try (Lease lease = Lease.take(KafkaOutput.leaseTerms(config), id)) {
      lease.check();
      assertThat(StartChecks.passedBefore(config, flink)).isTrue();
    }

    assertThat(StartChecks.passedBefore(config, flink)).as("when its tasks are gone").isTrue();
    assertThat(StartChecks.passedBefore(config, new Configuration())).isFalse();
    flink.set(HighAvailabilityOptions.HA_MODE, "NONE");
    assertThat(StartChecks.passedBefore(config, flink)).as("nothing recovers it").isFalse();
  }

  private static JobConfig config(String... more) {
    Map<String, String> variables = new HashMap<>(environment);
    for (int i = 0; i < more.length; i += 2) {
      variables.put(more[i], more[i + 1]);
    }
    return JobConfigTest.read("job.minimal.yaml", variables);
  }

  private static void create(Admin admin, String topic) {
    try {
      admin
          .createTopics(List.of(new NewTopic(topic, 4, (short) 1)))
          .all()
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }
}
