package io.eventpipeline.job.restart;

import static org.awaitility.Awaitility.await;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The job's jar on a cluster of processes with all the servers it needs; nothing is shared. */
final class SubmittedJob implements AutoCloseable {
  /** As it is built. */
  static final FlinkRest.Program PROGRAM =
      new FlinkRest.Program(
          Path.of("target", "flink-job.jar").toAbsolutePath(), "io.eventpipeline.job.Main");

  /** Settings of Flink as they ship. */
  static final Path[] HIGH_AVAILABILITY = {
    Path.of("..", "deploy", "flink", "cluster.yaml"),
    Path.of("..", "deploy", "flink", "ha-zookeeper.yaml")
  };

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String TOKEN = "dev-registry-token";
  private static final int PARTITIONS = 4;
  private static final List<String> OUTPUTS =
      List.of(
          Topics.VALIDATED,
          Topics.ENRICHED,
          Topics.DEAD_LETTERS,
          Topics.route("orders"),
          Topics.route("carts-abandoned"));

  final ServiceKit kit;
  final FlinkRest flink;
  private final RegistryServer registry;
  private final Path config;
  private FlinkRest.Program program = PROGRAM;
  private String id = "";

  /**
   * @param highAvailability settings of a cluster with two JobManagers; without any it has one
   */
  SubmittedJob(Path folder, int taskManagers, Path... highAvailability) throws Exception {
    kit =
        ServiceKit.builder(folder.resolve("kit"))
            .highAvailability(highAvailability)
            .fsync(false)
            .kafka()
            .redis()
            .postgres()
            .clickhouse()
            .flink(taskManagers, 3)
            .start();
    flink = new FlinkRest(() -> kit.flink().restUrl());
    PostgresServer postgres = kit.postgres();
    String database = postgres.jdbcUrl(PostgresServer.DATABASE);
    Migrations.postgres(database, postgres.user(), postgres.password(), true);
    Migrations.clickhouse(
        kit.clickhouse().httpUrl(),
        ClickHouseServer.ADMIN,
        kit.clickhouse().password(ClickHouseServer.ADMIN));
    registry =
        RegistryServer.start(
            new RegistryConfig(
                new RegistryConfig.Http("127.0.0.1", 0),
                new RegistryConfig.Postgres(
                    database, postgres.user(), new Secret(postgres.password()), 4),
                List.of(
                    new RegistryConfig.Token(
                        "dev", new Secret(TOKEN), RegistryConfig.Rights.WRITE))));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      admin
          .createTopics(
              Stream.concat(Stream.of(Topics.RAW), OUTPUTS.stream())
                  .map(name -> new NewTopic(name, PARTITIONS, (short) 1))
                  .toList())
          .all()
          .get();
    }
    config = folder.resolve("job.yaml");
    YAMLMapper yaml = YAMLMapper.shared();
    ObjectNode job = (ObjectNode) yaml.readTree(Path.of("config", "job.minimal.yaml").toFile());
    ((ObjectNode) job.get("kafka"))
        .put("bootstrapServers", bootstrapServers())
        .put("transactionTimeout", "PT1H");
    ((ObjectNode) job.get("redis")).put("port", kit.redis().port());
    ((ObjectNode) job.get("postgres"))
        .put("url", database)
        .put("user", postgres.user())
        .put("password", postgres.password());
    ((ObjectNode) job.get("registry")).put("url", "http://127.0.0.1:" + registry.port());
    ((ObjectNode) job.get("clickhouse"))
        .put("url", kit.clickhouse().httpUrl())
        .put("password", kit.clickhouse().password(ClickHouseServer.PIPELINE));
    yaml.writeValue(config.toFile(), job);
  }

  String bootstrapServers() {
    return kit.kafka().bootstrapServers();
  }

  Path config() {
    return config;
  }

  /** What the next submission runs instead. */
  void upgrade(FlinkRest.Program newer) {
    program = newer;
  }

  /**
   * Changes the configuration of the next submission.
   *
   * @param section such as {@code kafka}
   */
  void configure(String section, Consumer<ObjectNode> change) {
    YAMLMapper yaml = YAMLMapper.shared();
    ObjectNode job = (ObjectNode) yaml.readTree(config.toFile());
    change.accept((ObjectNode) job.get(section));
    yaml.writeValue(config.toFile(), job);
  }

  /**
   * The next submission takes one right after its start, as every job does, and then none by itself
   * for the better part of an hour.
   */
  void onlyTheFirstCheckpoint() {
    configure(
        "checkpoint", checkpoint -> checkpoint.put("interval", "PT50M").put("failuresMax", 0));
    configure("order", order -> order.put("recent", "PT20M"));
  }

  String id() {
    return id;
  }

  /**
   * Returns when it runs and has completed a checkpoint. Tasks of a JobManager that was killed go
   * on until they miss it, and until then the job is refused.
   */
  void submit(int parallelism, Optional<Path> from) throws IOException, InterruptedException {
    Instant begin = Instant.now();
    start(parallelism, from);
    awaitCheckpointSince(begin);
  }

  /** Returns when Flink has accepted it. */
  void start(int parallelism, Optional<Path> from) throws IOException, InterruptedException {
    id =
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(100))
            .until(() -> submitOnce(parallelism, from), Optional::isPresent)
            .orElseThrow();
  }

  /** Returns when Flink has accepted it as {@link FlinkRest#runAsApplication}. */
  void startAsApplication(int parallelism, Optional<Path> from)
      throws IOException, InterruptedException {
    id = flink.runAsApplication(program, config, parallelism, from);
  }

  private Optional<String> submitOnce(int parallelism, Optional<Path> from)
      throws IOException, InterruptedException {
    try {
      return Optional.of(flink.run(program, config, parallelism, from));
    } catch (IOException e) {
      if (e.getMessage().contains("and still runs, uses")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** As an operator who does not want it to go on. */
  void cancel() throws IOException, InterruptedException {
    flink.cancel(id);
    await().atMost(PATIENCE).until(() -> flink.state(id).equals("CANCELED"));
  }

  /** Returns when the first one that was triggered later than that was complete. */
  Instant awaitCheckpointSince(Instant instant) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(() -> flink.checkpointedSince(id, instant), Optional::isPresent)
        .orElseThrow();
  }

  /** Takes a savepoint; the job ends with it or goes on. */
  Path savepoint(boolean stop) throws IOException, InterruptedException {
    return savepoint(stop, "NATIVE");
  }

  /**
   * Takes a savepoint; the job ends with it or goes on.
   *
   * @param format of Flink
   */
  Path savepoint(boolean stop, String format) throws IOException, InterruptedException {
    String trigger = flink.triggerSavepoint(id, stop, format, kit.flink().savepoints());
    Path taken =
        await()
            .atMost(PATIENCE)
            .until(() -> flink.savepoint(id, trigger), Optional::isPresent)
            .orElseThrow();
    if (stop) {
      await().atMost(PATIENCE).until(() -> flink.state(id).equals("FINISHED"));
    }
    return taken;
  }

  /** Records and markers in an output topic, committed or not. */
  long written(String topic) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
      for (int partition = 0; partition < PARTITIONS; partition++) {
        ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
      }
      return admin.listOffsets(ends).all().get().values().stream()
          .mapToLong(ListOffsetsResultInfo::offset)
          .sum();
    }
  }

  /** Of any job of this cluster. */
  Path newestCheckpoint() throws IOException {
    try (Stream<Path> files = Files.walk(kit.flink().checkpoints(), 3)) {
      return files
          .filter(file -> file.endsWith("_metadata"))
          .max(Comparator.comparing(file -> file.toFile().lastModified()))
          .orElseThrow()
          .getParent();
    }
  }

  /** One value from ClickHouse. */
  String sql(String query) throws IOException, InterruptedException {
    String login =
        ClickHouseServer.PIPELINE + ":" + kit.clickhouse().password(ClickHouseServer.PIPELINE);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(kit.clickhouse().httpUrl()))
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)))
            .POST(HttpRequest.BodyPublishers.ofString(query))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    return answer.body().strip();
  }

  @Override
  public void close() {
    kit.close();
    registry.close();
  }
}
