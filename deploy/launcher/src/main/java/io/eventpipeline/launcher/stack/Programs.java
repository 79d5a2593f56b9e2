package io.eventpipeline.launcher.stack;

import io.eventpipeline.services.JavaProgram;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Our own programs as the build leaves them: a jar, beside it {@code lib/}, and in the module the
 * configuration that ships with it.
 *
 * @param root of the repository
 */
public record Programs(Path root) {
  private static final Duration START = Duration.ofSeconds(60);
  private static final String READY = "/health/ready";

  Path edgeConfig() {
    return root.resolve("edge-ingest/config/edge.minimal.yaml");
  }

  Path registryConfig() {
    return root.resolve("schema-registry/server/config/registry.minimal.yaml");
  }

  Path jobConfig() {
    return root.resolve("flink-job/config/job.minimal.yaml");
  }

  Path jobJar() {
    return root.resolve("flink-job/target/flink-job.jar");
  }

  JavaProgram edge(StackPorts ports, Path config) {
    return program(
        "edge",
        root.resolve("edge-ingest/target"),
        "edge-ingest.jar",
        "io.eventpipeline.edge.Main",
        "-Xmx384m",
        List.of(ports.edge(), ports.edgeAdmin()),
        config);
  }

  JavaProgram registry(StackPorts ports, Path config) {
    return program(
        "schema-registry",
        root.resolve("schema-registry/server/target"),
        "registry-server.jar",
        "io.eventpipeline.registry.Main",
        "-Xmx192m",
        List.of(ports.registry()),
        config);
  }

  /**
   * Quick from the first second: the optimising compiler took the edge as much time as 100,000
   * events, and then saved it a tenth.
   */
  private static JavaProgram program(
      String name,
      Path target,
      String jar,
      String main,
      String heap,
      List<Integer> ports,
      Path config) {
    return new JavaProgram(
        name,
        List.of(target.resolve(jar).toString(), target.resolve("lib") + "/*"),
        main,
        List.of(
            heap,
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xshare:auto"),
        List.of("--config", config.toString()),
        Map.of(),
        ports,
        URI.create("http://127.0.0.1:" + ports.get(0) + READY),
        config.getParent(),
        START);
  }
}
