package io.eventpipeline.services;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** KRaft broker and controller in one JVM; its class path is collected by the build. */
final class KafkaProcess extends ProcessService implements KafkaBroker {
  private final Path home;
  private final int heapMegabytes;
  private final Optional<KafkaRelay> relay;

  /**
   * @param relay a second listener
   * @param reservations the clients' port, then the controller's
   */
  KafkaProcess(
      Path home,
      Path log,
      int heapMegabytes,
      Optional<KafkaRelay> relay,
      Ports ports,
      List<Ports.Reservation> reservations) {
    super("kafka", log, ports, reservations);
    this.home = home;
    this.heapMegabytes = heapMegabytes;
    this.relay = relay;
  }

  @Override
  void prepare() {
    ServerFiles.write(properties(), configuration());
    ServerFiles.write(logging(), ServerFiles.resource("console-log4j2.properties"));
    if (!Files.exists(data().resolve("meta.properties"))) {
      Tool.run(
          java("kafka-format", "128m", "kafka.tools.StorageTool")
              .with("format", "-t", clusterId(), "-c", properties().toString()),
          ServerFiles.directories(home),
          log().resolveSibling("kafka-format.log"));
    }
  }

  @Override
  List<String> command() {
    return java("kafka", heapMegabytes + "m", "kafka.Kafka").with(properties().toString());
  }

  @Override
  boolean answers() {
    return Probe.kafka(port());
  }

  @Override
  public String bootstrapServers() {
    return "127.0.0.1:" + port();
  }

  private JavaCommand java(String component, String heap, String main) {
    return new JavaCommand(component, ServerFiles.library("kafka"), main)
        .jvm("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError")
        .quick()
        .jvm("-Dlog4j2.configurationFile=" + logging());
  }

  private Path data() {
    return home.resolve("data");
  }

  private Path properties() {
    return home.resolve("server.properties");
  }

  private Path logging() {
    return home.resolve("log4j2.properties");
  }

  /** 16 random bytes in the base64 of URLs, as {@code kafka-storage random-uuid} makes them. */
  private static String clusterId() {
    UUID uuid = UUID.randomUUID();
    byte[] bytes =
        ByteBuffer.allocate(16)
            .putLong(uuid.getMostSignificantBits() & Long.MAX_VALUE) // never a leading dash
            .putLong(uuid.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private String configuration() {
    return """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d%4$s
        advertised.listeners=PLAINTEXT://127.0.0.1:%1$d%5$s
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,RELAY:PLAINTEXT
        inter.broker.listener.name=PLAINTEXT
        controller.listener.names=CONTROLLER
        log.dirs=%3$s
        auto.create.topics.enable=false

        # There is one broker
        default.replication.factor=1
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=4
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        transaction.state.log.num.partitions=4
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        share.coordinator.state.topic.num.partitions=4
        group.initial.rebalance.delay.ms=0

        # The job's transactions outlive a long stop of the job, default 15 min
        transaction.max.timeout.ms=3600000

        # Two cores; the cleaner's default buffer alone is 128 MiB
        num.network.threads=2
        num.io.threads=4
        log.cleaner.dedupe.buffer.size=16777216
        """
        .formatted(
            port(),
            port(1),
            data(),
            relay.map(way -> ",RELAY://127.0.0.1:" + way.port()).orElse(""),
            relay.map(way -> ",RELAY://127.0.0.1:" + way.advertisedPort()).orElse(""));
  }
}
