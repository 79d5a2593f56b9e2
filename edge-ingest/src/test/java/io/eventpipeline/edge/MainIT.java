package io.eventpipeline.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The edge as a process. */
class MainIT {
  private static final Map<String, String> FREE_PORTS =
      Map.of("EDGE_HTTP_PORT", "0", "EDGE_ADMIN_PORT", "0");

  @TempDir Path folder;

  @Test
  void stopsWithinTenSecondsOfSigterm() throws Exception {
    Process process = run(FREE_PORTS, "--config", "config/edge.minimal.yaml");
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> output().contains("listening on"));

      process.destroy();

      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(143);
      assertThat(output())
          .contains("stopping")
          .contains("stopped")
          .doesNotContain("postgres-local");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void saysInOneLineWhatIsWrongWithItsConfiguration() throws Exception {
    Process process =
        run(Map.of("EDGE_HTTP_PORT", "99999"), "--config", "config/edge.minimal.yaml");

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(output())
        .contains("http.port must be in 0..65535, was 99999")
        .doesNotContain("\tat");
  }

  @Test
  void namesThePortThatIsTaken() throws Exception {
    try (java.net.ServerSocket taken =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      Process process =
          run(
              Map.of("EDGE_HTTP_PORT", port, "EDGE_ADMIN_PORT", "0"),
              "--config",
              "config/edge.minimal.yaml");

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(output()).contains("edge: http.port " + port + " cannot be opened");
    }
  }

  @Test
  void explainsItsCommandLine() throws Exception {
    Process process = run(Map.of());

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(output()).contains("usage: --config FILE");
  }

  private Process run(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // It lives for seconds
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log().toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private String output() throws IOException {
    return Files.readString(log());
  }

  private Path log() {
    return folder.resolve("edge.log");
  }
}
