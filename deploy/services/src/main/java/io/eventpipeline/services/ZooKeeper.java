package io.eventpipeline.services;

import java.nio.file.Path;
import java.util.List;

/** One ZooKeeper, of the classes that Flink ships: where JobManagers elect their leader. */
final class ZooKeeper extends ProcessService {
  /** Usual port. */
  static final int PORT = 2181;

  private static final String MAIN =
      "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain";

  private final Path home;
  private final Path logging;

  /**
   * @param logging configuration of log4j
   */
  ZooKeeper(Path home, Path log, Path logging, Ports ports) {
    super("zookeeper", log, ports, List.of(ports.reserve(PORT)));
    this.home = home;
    this.logging = logging;
  }

  /** {@code host:port}. */
  String quorum() {
    return "127.0.0.1:" + port();
  }

  @Override
  void prepare() {
    ServerFiles.write(
        home.resolve("zoo.cfg"),
        """
        dataDir=%s
        clientPort=%d
        clientPortAddress=127.0.0.1
        # Sessions last 2 to 20 of these, whatever a client asks for
        tickTime=2000
        admin.enableServer=false
        4lw.commands.whitelist=ruok
        """
            .formatted(ServerFiles.directories(home.resolve("data")), port()));
  }

  @Override
  List<String> command() {
    return new JavaCommand(name(), ServerFiles.library("flink"), MAIN)
        .jvm("-Xmx64m")
        .quick()
        .jvm("-Dlog4j2.configurationFile=" + logging)
        .with(home.resolve("zoo.cfg").toString());
  }

  @Override
  boolean answers() {
    return Probe.zooKeeper(port());
  }
}
