package io.eventpipeline.services;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** KRaft broker and controller in one JVM; its class path is collected by the build. */
final class KafkaProcess extends ProcessService implements KafkaBroker {
  private final int id;
  private final KafkaQuorum quorum;
  private final Path home;
  private final int heapMegabytes;

  /**
   * @param id of this one in {@code quorum}
   * @param home of this broker alone
   */
  KafkaProcess(int id, KafkaQuorum quorum, Path home, Path log, int heapMegabytes, Ports ports) {
    super(quorum.name(id), log, ports, quorum.node(id).reservations());
    this.id = id;
    this.quorum = quorum;
    this.home = home;
    this.heapMegabytes = heapMegabytes;
  }

  @Override
  void prepare() {
    ServerFiles.write(properties(), configuration());
    ServerFiles.write(logging(), ServerFiles.resource("console-log4j2.properties"));
    if (!Files.exists(data().resolve("meta.properties"))) {
      Tool.run(
          java(name() + "-format", "128m", "kafka.tools.StorageTool")
              .with("format", "-t", quorum.clusterId(), "-c", properties().toString()),
          ServerFiles.directories(home),
          log().resolveSibling(name() + "-format.log"));
    }
  }

  @Override
  List<String> command() {
    return java(name(), heapMegabytes + "m", "kafka.Kafka").with(properties().toString());
  }

  @Override
  boolean answers() {
    return Probe.kafka(port());
  }

  @Override
  public String bootstrapServers() {
    return quorum.bootstrapServers();
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

  private String configuration() {
    var relay = quorum.node(id).relay();
    return """
        process.roles=broker,controller
        node.id=%1$d
        controller.quorum.voters=%2$s
        listeners=PLAINTEXT://127.0.0.1:%3$d,CONTROLLER://127.0.0.1:%4$d%6$s
        advertised.listeners=PLAINTEXT://127.0.0.1:%3$d%7$s
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,RELAY:PLAINTEXT
        inter.broker.listener.name=PLAINTEXT
        controller.listener.names=CONTROLLER
        log.dirs=%5$s
        auto.create.topics.enable=false

        # Every broker has everything, and all but one have it before it is acknowledged
        default.replication.factor=%8$d
        min.insync.replicas=%9$d
        offsets.topic.replication.factor=%8$d
        offsets.topic.num.partitions=4
        transaction.state.log.replication.factor=%8$d
        transaction.state.log.min.isr=%9$d
        transaction.state.log.num.partitions=4
        share.coordinator.state.topic.replication.factor=%8$d
        share.coordinator.state.topic.min.isr=%9$d
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
            id,
            quorum.voters(),
            port(),
            port(1),
            data(),
            relay.map(way -> ",RELAY://127.0.0.1:" + way.port()).orElse(""),
            relay.map(way -> ",RELAY://127.0.0.1:" + way.advertisedPort()).orElse(""),
            quorum.replicas(),
            quorum.replicasInSyncMin());
  }
}
