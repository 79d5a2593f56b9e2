package io.eventpipeline.job.kafka;

import io.eventpipeline.job.StartRefusedException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the brokers whether they can do what the job promises, before it is submitted.
 *
 * <p>Refused: topics that do not exist; a transaction timeout above what a broker allows (the job
 * would restart for ever); transaction ids that the brokers forget sooner than that; a cluster that
 * says that its {@code transaction.version} is below 2, since before KIP-890 a delayed message of
 * an old transaction can land in a new one. A cluster that says nothing about it gets a warning.
 */
public final class BrokerChecks {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerChecks.class);
  private static final String TIMEOUT_MAX = "transaction.max.timeout.ms";
  private static final String ID_EXPIRATION = "transactional.id.expiration.ms";
  private static final String FEATURE = "transaction.version";
  private static final int FENCED_PER_TRANSACTION = 2; // KIP-890

  private static final Duration PROPAGATION = Duration.ofSeconds(10);

  private BrokerChecks() {}

  /**
   * Returns when all is well; within half a minute either way.
   *
   * @throws StartRefusedException with one line that says what is not
   */
  public static void run(
      Properties connection, Duration transactionTimeout, Collection<String> topics)
      throws InterruptedException {
    Properties settings = new Properties();
    settings.putAll(connection);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "15000");
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
    String servers = connection.getProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
    try (Admin admin = Admin.create(settings)) {
      topicsExist(admin, topics);
      limits(admin, transactionTimeout);
      version(admin);
    } catch (ExecutionException e) {
      throw new StartRefusedException(
          "Kafka at %s does not answer as it should: %s"
              .formatted(servers, e.getCause().getMessage()),
          e);
    } catch (KafkaException e) {
      throw new StartRefusedException(
          "kafka.bootstrapServers %s cannot be used: %s".formatted(servers, e.getMessage()), e);
    }
  }

  /** A broker may hear of a topic seconds after the controller has confirmed that it exists. */
  private static void topicsExist(Admin admin, Collection<String> topics)
      throws InterruptedException, ExecutionException {
    var missing = new TreeSet<>(topics);
    long deadline = System.nanoTime() + PROPAGATION.toNanos();
    missing.removeAll(admin.listTopics().names().get());
    while (!missing.isEmpty() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(200);
      missing.removeAll(admin.listTopics().names().get());
    }
    if (!missing.isEmpty()) {
      throw new StartRefusedException(
          "these Kafka topics do not exist, or the job may not see them: "
              + String.join(", ", missing));
    }
  }

  private static void limits(Admin admin, Duration transactionTimeout)
      throws InterruptedException, ExecutionException {
    List<ConfigResource> brokers =
        admin.describeCluster().nodes().get().stream()
            .map(Node::idString)
            .map(id -> new ConfigResource(ConfigResource.Type.BROKER, id))
            .toList();
    Map<ConfigResource, Config> configs = admin.describeConfigs(brokers).all().get();
    configs.forEach((broker, config) -> limits(broker.name(), config, transactionTimeout));
  }

  /** What one broker allows. */
  static void limits(String broker, Config config, Duration transactionTimeout) {
    long timeoutMax = millis(config, TIMEOUT_MAX);
    if (transactionTimeout.toMillis() > timeoutMax) {
      throw new StartRefusedException(
          "kafka.transactionTimeout is %s, but broker %s allows %s (%s): lower the one or raise the other"
              .formatted(transactionTimeout, broker, Duration.ofMillis(timeoutMax), TIMEOUT_MAX));
    }
    long expiration = millis(config, ID_EXPIRATION);
    if (transactionTimeout.toMillis() >= expiration) {
      throw new StartRefusedException(
          "broker %s forgets idle transactional ids after %s (%s), which must be longer than kafka.transactionTimeout, %s"
              .formatted(broker, Duration.ofMillis(expiration), ID_EXPIRATION, transactionTimeout));
    }
  }

  /** What the broker does not tell bounds nothing. */
  private static long millis(Config config, String key) {
    var entry = config.get(key);
    return entry == null || entry.value() == null ? Long.MAX_VALUE : Long.parseLong(entry.value());
  }

  private static void version(Admin admin) throws InterruptedException, ExecutionException {
    FeatureMetadata features = admin.describeFeatures().featureMetadata().get();
    var finalized = features.finalizedFeatures().get(FEATURE);
    version(
        finalized == null ? OptionalInt.empty() : OptionalInt.of(finalized.maxVersionLevel()),
        features.supportedFeatures().containsKey(FEATURE));
  }

  /**
   * What the cluster says.
   *
   * @param finalized the version that it uses
   * @param supported whether it knows the feature at all
   */
  static void version(OptionalInt finalized, boolean supported) {
    if (finalized.isEmpty() && !supported) {
      LOG.warn(
          "the Kafka cluster says nothing about {}: below {} a delayed message can end up in a later transaction (KIP-890)",
          FEATURE,
          FENCED_PER_TRANSACTION);
      return;
    }
    int level = finalized.orElse(0);
    if (level < FENCED_PER_TRANSACTION) {
      throw new StartRefusedException(
          "the Kafka cluster's %s is %d and must be %d, or a delayed message can end up in a later transaction (KIP-890): kafka-features.sh upgrade --feature %s=%d"
              .formatted(FEATURE, level, FENCED_PER_TRANSACTION, FEATURE, FENCED_PER_TRANSACTION));
    }
  }
}
