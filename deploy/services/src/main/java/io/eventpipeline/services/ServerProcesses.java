package io.eventpipeline.services;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Every server a process of this machine, from the artifacts that the build collected.
 *
 * @param brokers of Kafka
 * @param kafkaRelays none, or one for each broker
 */
record ServerProcesses(
    Path directory,
    Ports ports,
    Sizes sizes,
    Passwords passwords,
    boolean fsync,
    int brokers,
    List<KafkaRelay> kafkaRelays)
    implements Servers {
  @Override
  public List<KafkaBroker> kafka() {
    KafkaQuorum quorum =
        KafkaQuorum.of(
            home("kafka"), IntStream.range(0, brokers).mapToObj(this::kafkaNode).toList());
    return IntStream.rangeClosed(1, brokers)
        .mapToObj(
            id ->
                (KafkaBroker)
                    new KafkaProcess(
                        id,
                        quorum,
                        home(quorum.name(id)),
                        log(quorum.name(id)),
                        sizes.kafkaHeap(),
                        ports))
        .toList();
  }

  private KafkaQuorum.Node kafkaNode(int index) {
    Optional<KafkaRelay> relay =
        kafkaRelays.isEmpty() ? Optional.empty() : Optional.of(kafkaRelays.get(index));
    return new KafkaQuorum.Node(
        ports.reserve(KafkaBroker.PORT + index * KafkaBroker.PORTS_EACH), ports.reserve(0), relay);
  }

  @Override
  public RedisServer redis() {
    return new RedisProcess(home("redis"), log("redis"), sizes.redis(), ports, reserve(6379));
  }

  @Override
  public PostgresServer postgres() {
    return new PostgresProcess(
        home("postgres"),
        log("postgres"),
        passwords.postgres(),
        fsync,
        NotRoot.here(),
        ports,
        reserve(5432));
  }

  @Override
  public ClickHouseServer clickhouse() {
    return new ClickHouseProcess(
        home("clickhouse"),
        log("clickhouse"),
        sizes.clickhouse(),
        passwords,
        ports,
        reserve(8123, 9000));
  }

  @Override
  public FlinkCluster flink(FlinkPlan plan) {
    return FlinkCluster.of(home("flink"), directory.resolve("logs"), plan, sizes, ports);
  }

  @Override
  public Path log(String name) {
    return directory.resolve("logs").resolve(name + ".log");
  }

  private Path home(String name) {
    return directory.resolve(name);
  }

  /** One port for each documented one, in this order. */
  private List<Ports.Reservation> reserve(int... usual) {
    return Arrays.stream(usual).mapToObj(ports::reserve).toList();
  }
}
