package io.eventpipeline.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.launcher.stack.ProcessId;
import io.eventpipeline.launcher.stack.RunningStack;
import io.eventpipeline.launcher.stack.StackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The built launcher as a process of its own, as {@code deploy/local} starts it. */
final class LocalStack implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path ROOT =
      Path.of(System.getProperty("services.home")).resolve("../..").normalize();
  private static final Path MODULE = ROOT.resolve("deploy/launcher/target");

  private final Path cache;
  private final Path data;
  private final StackPorts ports;
  private Process up;
  private Path upLog;
  private int runs;

  /** What a command that ended printed. */
  record Answer(int code, String out, String err) {}

  LocalStack(Path directory, StackPorts ports) {
    this.cache = directory.resolve("cache");
    this.data = directory.resolve("data of stack");
    this.ports = ports;
  }

  RunningStack address() {
    return new RunningStack(ports, data);
  }

  Path data() {
    return data;
  }

  /** Starts it, unless it runs, and returns once it said READY. */
  void ensureReady() throws IOException {
    if (up != null && up.isAlive()) {
      return;
    }
    upLog = data.resolveSibling("up-" + ++runs + ".log");
    up = launch(upLog, upLog, "up", "--data", data.toString(), "--port-offset", offset());
    await()
        .atMost(Duration.ofSeconds(150))
        .until(() -> !up.isAlive() || printed().contains("READY in "));
    assertThat(up.isAlive()).as(printed()).isTrue();
  }

  /** Everything that {@code up} printed so far. */
  String printed() {
    try {
      return Files.readString(upLog);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end. */
  Answer run(String... args) throws IOException, InterruptedException {
    Path out = Files.createTempFile(data.getParent(), "out", ".txt");
    Path err = Files.createTempFile(data.getParent(), "err", ".txt");
    Process process = launch(out, err, args);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(String.join(" ", args)).isTrue();
    return new Answer(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** A command against this stack. */
  Answer ask(String command, String... args) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("--port-offset", offset(), command));
    all.addAll(List.of(args));
    return run(all.toArray(String[]::new));
  }

  String offset() {
    return Integer.toString(ports.offset());
  }

  private Process launch(Path out, Path err, String... args) throws IOException {
    Files.createDirectories(data.getParent());
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlauncher.root=" + ROOT,
                "-Dservices.home=" + ROOT.resolve("deploy/services"),
                "-cp",
                MODULE.resolve("launcher.jar") + ":" + MODULE.resolve("lib") + "/*",
                "io.eventpipeline.launcher.Main"));
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    if (out.equals(err)) {
      builder.redirectErrorStream(true);
    }
    builder.environment().put("XDG_CACHE_HOME", cache.toString());
    return builder.start();
  }

  /** Each component of {@code status --json}. */
  Map<String, JsonNode> status() throws IOException, InterruptedException {
    JsonNode all = JSON.readTree(ask("status", "--json").out());
    Map<String, JsonNode> components = new TreeMap<>();
    all.propertyStream().forEach(entry -> components.put(entry.getKey(), entry.getValue()));
    return components;
  }

  long pid(String component) throws IOException, InterruptedException {
    return status().get(component).path("pid").asLong();
  }

  /** SIGKILL to one component, by the pid that status gives; returns that pid. */
  long kill(String component) throws IOException, InterruptedException {
    long pid = pid(component);
    assertThat(pid).as(component).isPositive();
    ProcessId process = ProcessId.of(pid).orElseThrow();
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    await().until(() -> !process.isAlive());
    return pid;
  }

  /** SIGTERM, as {@code kill} and service managers send it; returns the launcher's exit code. */
  int terminate() throws InterruptedException {
    up.destroy();
    assertThat(up.waitFor(25, TimeUnit.SECONDS)).as(printed()).isTrue();
    return up.exitValue();
  }

  /** SIGKILL to the launcher itself. */
  void killLauncher() throws InterruptedException {
    up.destroyForcibly();
    assertThat(up.waitFor(5, TimeUnit.SECONDS)).isTrue();
  }

  /** Command lines of all processes that have to do with this data directory. */
  List<String> processes() {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(path -> path.getFileName().toString().matches("\\d+"))
          .map(LocalStack::commandLine)
          .filter(line -> line.contains(data.toString()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline")).replace('\0', ' ').strip();
    } catch (IOException endedMeanwhile) {
      return "";
    }
  }

  @Override
  public void close() throws InterruptedException {
    if (up != null && up.isAlive()) {
      terminate();
    }
  }
}
