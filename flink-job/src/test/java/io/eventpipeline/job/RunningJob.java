package io.eventpipeline.job;

import io.eventpipeline.config.Secret;
import io.eventpipeline.contract.Topics;
import io.eventpipeline.migrate.Migrations;
import io.eventpipeline.registry.RegistryConfig;
import io.eventpipeline.registry.RegistryServer;
import io.eventpipeline.services.ClickHouseServer;
import io.eventpipeline.services.PostgresServer;
import io.eventpipeline.services.ServiceKit;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RpcOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.util.TestStreamEnvironment;
import org.apache.flink.test.util.MiniClusterWithClientResource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The job as {@code main} defines it, on MiniCluster against real servers, for one test class. */
final class RunningJob implements AutoCloseable {
  private static final int PARTITIONS = 4;
  private static final String TOKEN = "dev-registry-token";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  final ServiceKit kit;
  private final RegistryServer registry;
  private final MiniClusterWithClientResource cluster;
  private final InMemoryReporter metrics = InMemoryReporter.create();
  private final JobClient job;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<String, CommittedRecords> committed = new ConcurrentHashMap<>();

  private RunningJob(ServiceKit kit, Path folder) throws Exception {
    this.kit = kit;
    PostgresServer postgres = kit.postgres();
    String url = postgres.jdbcUrl(PostgresServer.DATABASE);
    Migrations.postgres(url, postgres.user(), postgres.password(), true);
    ClickHouseServer clickhouse = kit.clickhouse();
    Migrations.clickhouse(
        clickhouse.httpUrl(), ClickHouseServer.ADMIN, clickhouse.password(ClickHouseServer.ADMIN));
    registry =
        RegistryServer.start(
            new RegistryConfig(
                new RegistryConfig.Http("127.0.0.1", 0),
                new RegistryConfig.Postgres(
                    url, postgres.user(), new Secret(postgres.password()), 4),
                List.of(
                    new RegistryConfig.Token(
                        "dev", new Secret(TOKEN), RegistryConfig.Rights.WRITE))));
    JobConfig config = JobConfigTest.read("job.minimal.yaml", environment());
    createTopics(config);
    producer = producer();

    Configuration flink = metrics.addToConfiguration(new Configuration());
    flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
    flink.set(RestOptions.BIND_PORT, "0");
    flink.set(RpcOptions.ASK_TIMEOUT_DURATION, Duration.ofMinutes(1)); // the build machine is busy
    cluster =
        new MiniClusterWithClientResource(
            new MiniClusterResourceConfiguration.Builder()
                .setNumberTaskManagers(1)
                .setNumberSlotsPerTaskManager(2)
                .setConfiguration(flink)
                .build());
    cluster.before();
    TestStreamEnvironment.setAsContext(cluster.getMiniCluster(), 2);
    try {
      var env = StreamExecutionEnvironment.getExecutionEnvironment(Main.settings(config));
      Main.define(env, config, Clock.systemUTC());
      job = env.executeAsync("event-pipeline");
    } finally {
      TestStreamEnvironment.unsetAsContext();
    }
  }

  static RunningJob start(ServiceKit kit, Path folder) throws Exception {
    return new RunningJob(kit, folder);
  }

  boolean isRunning() throws InterruptedException, ExecutionException {
    return job.getJobStatus().get() == JobStatus.RUNNING;
  }

  /** How often Flink had to restart the job. */
  long restarts() {
    return metrics.findMetrics(job.getJobID(), "numRestarts").values().stream()
        .mapToLong(metric -> ((Number) ((Gauge<?>) metric).getValue()).longValue())
        .sum();
  }

  /** Takes a TaskManager away with all that it had in memory, and brings another. */
  void replaceTaskManager() throws Exception {
    cluster.getMiniCluster().terminateTaskManager(0).get();
    cluster.getMiniCluster().startTaskManager();
  }

  Future<RecordMetadata> send(byte[] value) {
    return producer.send(new ProducerRecord<>(Topics.RAW, value));
  }

  /** Changes something in the registry; fails when it refuses. */
  void registry(String method, String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + registry.port() + path))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(answer.statusCode() + " to " + path + ": " + answer.body());
    }
  }

  /** All records of a topic that are committed by now. */
  List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
    return committed
        .computeIfAbsent(topic, name -> new CommittedRecords(kit.kafka().bootstrapServers(), name))
        .all();
  }

  /** One value from ClickHouse. */
  String sql(String query) {
    ClickHouseServer clickhouse = kit.clickhouse();
    String login = ClickHouseServer.PIPELINE + ":" + clickhouse.password(ClickHouseServer.PIPELINE);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(clickhouse.httpUrl()))
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)))
            .POST(HttpRequest.BodyPublishers.ofString(query))
            .build();
    try {
      HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      return answer.body().strip();
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e.toString();
    }
  }

  @Override
  public void close() throws Exception {
    producer.close();
    committed.values().forEach(CommittedRecords::close);
    job.cancel().get();
    cluster.after();
    registry.close();
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("JOB_KAFKA_BOOTSTRAP_SERVERS", kit.kafka().bootstrapServers());
    environment.put("JOB_REDIS_PORT", String.valueOf(kit.redis().port()));
    environment.put("JOB_POSTGRES_URL", kit.postgres().jdbcUrl(PostgresServer.DATABASE));
    environment.put("JOB_POSTGRES_USER", kit.postgres().user());
    environment.put("JOB_POSTGRES_PASSWORD", kit.postgres().password());
    environment.put("JOB_REGISTRY_URL", "http://127.0.0.1:" + registry.port());
    environment.put("JOB_REGISTRY_TOKEN", TOKEN);
    environment.put("JOB_CLICKHOUSE_URL", kit.clickhouse().httpUrl());
    environment.put(
        "JOB_CLICKHOUSE_PASSWORD", kit.clickhouse().password(ClickHouseServer.PIPELINE));
    environment.put("JOB_ENRICH_MISSING_FRESH_FOR", "PT1S");
    return environment;
  }

  private void createTopics(JobConfig config) throws Exception {
    List<String> names = new ArrayList<>(KafkaOutput.topics(config));
    names.add(Topics.RAW);
    try (Admin admin =
        Admin.create(
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kit.kafka().bootstrapServers()))) {
      var creation =
          admin.createTopics(
              names.stream().map(name -> new NewTopic(name, PARTITIONS, (short) 1)).toList());
      for (var topic : creation.values().values()) {
        try {
          topic.get();
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            throw e;
          }
        }
      }
    }
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            kit.kafka().bootstrapServers(),
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ByteArraySerializer.class,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
            ByteArraySerializer.class));
  }
}
