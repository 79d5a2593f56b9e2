package io.eventpipeline.services;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Dispatcher, resource manager, REST and web UI in one JVM. */
final class FlinkJobManager extends ProcessService {
  private static final String MAIN =
      "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
  private static final String GRANTED = "Resource manager service is granted leadership";
  private static final String REVOKED = "Resource manager service is revoked leadership";

  private final FlinkSettings settings;
  private final int heapMegabytes;

  /**
   * @param reservations the REST port, then that of RPC for the only one of its cluster
   */
  FlinkJobManager(
      String name,
      FlinkSettings settings,
      Path log,
      int heapMegabytes,
      Ports ports,
      List<Ports.Reservation> reservations) {
    super(name, log, ports, reservations);
    this.settings = settings;
    this.heapMegabytes = heapMegabytes;
  }

  int rpcPort() {
    return port(1);
  }

  String restUrl() {
    return "http://127.0.0.1:" + port();
  }

  /**
   * Whether its process was elected and was not told otherwise since, as its log says; one that is
   * paused has not heard of the next election.
   */
  boolean leads() {
    try {
      String said = pid().isPresent() ? Files.readString(log()) : "";
      return said.lastIndexOf(GRANTED) > said.lastIndexOf(REVOKED);
    } catch (IOException noLogYet) {
      return false;
    }
  }

  @Override
  void prepare() {
    // The cluster wrote the configuration: others may be reading it now
  }

  @Override
  List<String> command() {
    return new JavaCommand(name(), ServerFiles.library("flink"), MAIN)
        .jvm("-Xmx" + heapMegabytes + "m", "-XX:MaxMetaspaceSize=256m")
        .jvm("-XX:+ExitOnOutOfMemoryError")
        .quick()
        // This JVM runs the job's main, and Flink looks into JDK collections there
        .jvm("--add-opens=java.base/java.util=ALL-UNNAMED")
        .jvm("-Dlog4j2.configurationFile=" + settings.logging())
        .with(arguments().toArray(String[]::new));
  }

  private List<String> arguments() {
    return Stream.concat(
            settings.arguments().stream(),
            Stream.of("-Drest.port=" + port(), "-Drest.bind-port=" + port()))
        .toList();
  }

  /** One that stands by asks the leader. */
  @Override
  boolean answers() {
    return Probe.http(port(), "/overview");
  }
}
