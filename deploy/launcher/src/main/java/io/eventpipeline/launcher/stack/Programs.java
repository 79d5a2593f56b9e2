package io.eventpipeline.launcher.stack;

import io.eventpipeline.services.JavaProgram;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

  /** The load goes through it: the compiler may optimise; its configuration bounds the memory. */
  JavaProgram edge(StackPorts ports, Path config) {
    return program(
        "edge",
        root.resolve("edge-ingest/target"),
        "edge-ingest.jar",
        "io.eventpipeline.edge.Main",
        List.of("-Xmx384m"),
        List.of(ports.edge(), ports.edgeAdmin()),
        config);
  }

  /** Small and seldom asked, as its clients cache: quick to start matters more. */
  JavaProgram registry(StackPorts ports, Path config) {
    return program(
        "schema-registry",
        root.resolve("schema-registry/server/target"),
        "registry-server.jar",
        "io.eventpipeline.registry.Main",
        List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
        List.of(ports.registry()),
        config);
  }

  private static JavaProgram program(
      String name,
      Path target,
      String jar,
      String main,
      List<String> jvm,
      List<Integer> ports,
      Path config) {
    List<String> jvmArguments = new ArrayList<>(jvm);
    jvmArguments.addAll(List.of("-XX:+ExitOnOutOfMemoryError", "-Xshare:auto"));
    return new JavaProgram(
        name,
        List.of(target.resolve(jar).toString(), target.resolve("lib") + "/*"),
        main,
        jvmArguments,
        List.of("--config", config.toString()),
        Map.of(),
        ports,
        URI.create("http://127.0.0.1:" + ports.get(0) + READY),
        config.getParent(),
        START);
  }
}
