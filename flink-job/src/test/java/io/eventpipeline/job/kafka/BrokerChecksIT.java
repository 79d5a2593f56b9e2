package io.eventpipeline.job.kafka;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.job.StartRefusedException;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

@WithServices(Server.KAFKA)
@Execution(ExecutionMode.CONCURRENT) // most of it is waiting
class BrokerChecksIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(15);
  private static final String FEATURE = "transaction.version";

  private final ServiceKit kit;

  BrokerChecksIT(ServiceKit kit) {
    this.kit = kit;
  }

  @Test
  @ResourceLock(value = FEATURE, mode = ResourceAccessMode.READ)
  void passesTheBrokerThatTheStackHas() throws Exception {
    Numbers numbers = numbers();

    assertThatCode(() -> BrokerChecks.run(numbers.connection, TIMEOUT, List.of(numbers.topic)))
        .doesNotThrowAnyException();
  }

  @Test
  void namesTopicsThatAreMissing() throws Exception {
    Numbers numbers = numbers();

    assertThatThrownBy(
            () ->
                BrokerChecks.run(
                    numbers.connection, TIMEOUT, List.of("b-missing", numbers.topic, "a-missing")))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageEndingWith(": a-missing, b-missing");
  }

  @Test
  void namesBothSettingsWhenTheTimeoutIsAboveTheBrokersLimit() throws Exception {
    Numbers numbers = numbers();

    assertThatThrownBy(
            () ->
                BrokerChecks.run(
                    numbers.connection, Duration.ofMinutes(61), List.of(numbers.topic)))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("kafka.transactionTimeout is PT1H1M")
        .hasMessageContaining("PT1H (transaction.max.timeout.ms)");
  }

  @Test
  @ResourceLock(FEATURE)
  void refusesOldTransactions() throws Exception {
    Numbers numbers = numbers();
    try (Admin admin = Admin.create(numbers.connection)) {
      transactionVersion(admin, (short) 1, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE);
      try {
        assertThatThrownBy(
                () -> BrokerChecks.run(numbers.connection, TIMEOUT, List.of(numbers.topic)))
            .isInstanceOf(StartRefusedException.class)
            .hasMessageContaining("transaction.version is 1 and must be 2");
      } finally {
        transactionVersion(admin, (short) 2, FeatureUpdate.UpgradeType.UPGRADE);
      }
    }
  }

  @Test
  void saysThatKafkaDoesNotAnswer() {
    Properties nobody = new Properties();
    nobody.setProperty("bootstrap.servers", "127.0.0.1:1");

    assertThatThrownBy(() -> BrokerChecks.run(nobody, TIMEOUT, List.of("t")))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("Kafka at 127.0.0.1:1");
  }

  /** Returns when the broker has heard of it. */
  private static void transactionVersion(
      Admin admin, short level, FeatureUpdate.UpgradeType direction) throws Exception {
    admin
        .updateFeatures(
            Map.of(FEATURE, new FeatureUpdate(level, direction)), new UpdateFeaturesOptions())
        .all()
        .get();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                admin
                        .describeFeatures()
                        .featureMetadata()
                        .get()
                        .finalizedFeatures()
                        .get(FEATURE)
                        .maxVersionLevel()
                    == level);
  }

  private Numbers numbers() throws Exception {
    return new Numbers(kit.kafka().bootstrapServers());
  }
}
