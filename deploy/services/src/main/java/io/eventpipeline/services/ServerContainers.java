package io.eventpipeline.services;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * Kafka, Redis, Postgres and ClickHouse from their projects' images; Flink stays a cluster of
 * processes, which finds them on the same loopback ports.
 */
record ServerContainers(
    Path directory, Ports ports, Sizes sizes, Passwords passwords, boolean fsync)
    implements Servers {
  private static final String KAFKA_IMAGE = "apache/kafka:4.3.1";
  private static final String REDIS_IMAGE = "redis:7.4-alpine";
  private static final String POSTGRES_IMAGE = "postgres:17-alpine";
  private static final String CLICKHOUSE_IMAGE = "clickhouse/clickhouse-server:26.7";

  @Override
  public List<KafkaBroker> kafka() {
    return List.of(new Kafka(log("kafka"), reserve(9092), sizes.kafkaHeap()));
  }

  @Override
  public RedisServer redis() {
    return new Redis(log("redis"), reserve(6379), sizes.redis());
  }

  @Override
  public PostgresServer postgres() {
    return new Postgres(log("postgres"), reserve(5432), passwords.postgres(), fsync);
  }

  @Override
  public ClickHouseServer clickhouse() {
    return new ClickHouse(log("clickhouse"), reserve(8123, 9000), passwords, sizes.clickhouse());
  }

  @Override
  public FlinkCluster flink(FlinkPlan plan) {
    return new ServerProcesses(directory, ports, sizes, passwords, fsync, 1, List.of()).flink(plan);
  }

  @Override
  public Path log(String name) {
    return directory.resolve("logs").resolve(name + ".log");
  }

  private List<Ports.Reservation> reserve(int... usual) {
    return Arrays.stream(usual).mapToObj(ports::reserve).toList();
  }

  private static GenericContainer<?> image(String name) {
    return new GenericContainer<>(DockerImageName.parse(name));
  }

  private static final class Kafka extends ContainerService implements KafkaBroker {
    Kafka(Path log, List<Ports.Reservation> ports, int heapMegabytes) {
      super(
          "kafka",
          log,
          ports,
          image(KAFKA_IMAGE).withEnv(environment(ports.get(0).port(), heapMegabytes)),
          List.of(9092),
          () -> Probe.kafka(ports.get(0).port()));
    }

    /** The broker of {@link KafkaProcess}, in the image's spelling. */
    private static Map<String, String> environment(int port, int heapMegabytes) {
      return Map.ofEntries(
          Map.entry("KAFKA_HEAP_OPTS", "-Xmx" + heapMegabytes + "m"),
          Map.entry("KAFKA_PROCESS_ROLES", "broker,controller"),
          Map.entry("KAFKA_NODE_ID", "1"),
          Map.entry("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093"),
          Map.entry("KAFKA_LISTENERS", "PLAINTEXT://:9092,CONTROLLER://:9093"),
          Map.entry("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://127.0.0.1:" + port),
          Map.entry("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER"),
          Map.entry(
              "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT"),
          Map.entry("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false"),
          Map.entry("KAFKA_DEFAULT_REPLICATION_FACTOR", "1"),
          Map.entry("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1"),
          Map.entry("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4"),
          Map.entry("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1"),
          Map.entry("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1"),
          Map.entry("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "4"),
          Map.entry("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1"),
          Map.entry("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1"),
          Map.entry("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0"),
          Map.entry("KAFKA_TRANSACTION_MAX_TIMEOUT_MS", "3600000"));
    }

    @Override
    public String bootstrapServers() {
      return "127.0.0.1:" + port();
    }
  }

  private static final class Redis extends ContainerService implements RedisServer {
    Redis(Path log, List<Ports.Reservation> ports, int memoryMegabytes) {
      super(
          "redis",
          log,
          ports,
          image(REDIS_IMAGE)
              .withCommand(
                  "redis-server",
                  "--appendonly",
                  "yes",
                  "--maxmemory",
                  memoryMegabytes + "mb",
                  "--maxmemory-policy",
                  "allkeys-lru"),
          List.of(6379),
          () -> Probe.redis(ports.get(0).port()));
    }

    @Override
    public String host() {
      return "127.0.0.1";
    }

    @Override
    public String uri() {
      return "redis://" + host() + ":" + port();
    }
  }

  private static final class Postgres extends ContainerService implements PostgresServer {
    private static final String USER = "postgres";

    private final String password;

    Postgres(Path log, List<Ports.Reservation> ports, String password, boolean fsync) {
      super(
          "postgres",
          log,
          ports,
          image(POSTGRES_IMAGE)
              .withEnv("POSTGRES_PASSWORD", password)
              .withEnv("POSTGRES_DB", DATABASE)
              .withCommand(
                  "postgres",
                  "-c",
                  "fsync=" + (fsync ? "on" : "off"),
                  "-c",
                  "max_prepared_transactions=32"),
          List.of(5432),
          () -> Probe.postgres(ports.get(0).port(), USER, DATABASE));
      this.password = password;
    }

    @Override
    public String jdbcUrl(String database) {
      return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
    }

    @Override
    public String user() {
      return USER;
    }

    @Override
    public String password() {
      return password;
    }
  }

  private static final class ClickHouse extends ContainerService implements ClickHouseServer {
    private final Passwords passwords;

    ClickHouse(Path log, List<Ports.Reservation> ports, Passwords passwords, int memoryMegabytes) {
      super(
          "clickhouse",
          log,
          ports,
          image(CLICKHOUSE_IMAGE)
              .withEnv("CLICKHOUSE_SKIP_USER_SETUP", "1")
              .withCopyToContainer(
                  Transferable.of(
                      ClickHouseUsers.xml(passwords, memoryMegabytes, ClickHouseUsers.ANYWHERE)
                          .getBytes(StandardCharsets.UTF_8)),
                  "/etc/clickhouse-server/users.xml"),
          List.of(8123, 9000),
          () -> Probe.http(ports.get(0).port(), "/ping"));
      this.passwords = passwords;
    }

    @Override
    public String httpUrl() {
      return "http://127.0.0.1:" + port();
    }

    @Override
    public String jdbcUrl() {
      return "jdbc:clickhouse://127.0.0.1:" + port();
    }

    @Override
    public int nativePort() {
      return port(1);
    }

    @Override
    public String password(String user) {
      return passwords.ofClickHouseUser(user);
    }
  }
}
