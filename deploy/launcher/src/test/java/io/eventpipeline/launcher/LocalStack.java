package io.eventpipeline.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.launcher.Command.Answer;
import io.eventpipeline.launcher.stack.ProcessId;
import io.eventpipeline.launcher.stack.RunningStack;
import io.eventpipeline.launcher.stack.StackPorts;
import io.eventpipeline.launcher.stack.StackState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);
  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  /** A component that died is back in a few seconds; a busy machine needs many times that. */
  private static final Duration RESTART_LIMIT = Duration.ofMinutes(2);

  /** What the launcher promises. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  private final Path directory;
  private final Path cache;
  private final Path data;
  private final Path temporary;
  private final StackPorts ports;
  private Command up;

  LocalStack(Path directory, StackPorts ports) {
    this.directory = directory;
    this.cache = directory.resolve("cache");
    this.data = directory.resolve("data of stack");
    this.temporary = directory.resolve("temporary");
    this.ports = ports;
  }

  RunningStack address() {
    return new RunningStack(ports, data);
  }

  Path data() {
    return data;
  }

  /** What is there of the stack that a demo started for itself, see {@link #startDemo}. */
  List<Path> ofDemos() throws IOException {
    try (Stream<Path> all = Files.list(temporary)) {
      return all.filter(path -> path.getFileName().toString().startsWith("event-pipeline-demo-"))
          .toList();
    }
  }

  /** Starts it, unless it runs, and returns once it said READY. */
  void ensureReady() throws IOException {
    if (up == null || !up.isAlive()) {
      begin();
      awaitReady();
    }
  }

  /** Starts it with further {@code options} and returns at once; it must not run. */
  void begin(String... options) throws IOException {
    List<String> args =
        new ArrayList<>(List.of("up", "--data", data.toString(), "--port-offset", offset()));
    args.addAll(List.of(options));
    up = start(args.toArray(String[]::new));
    // Nobody else ends it when this JVM is told to stop in the middle of a test
    Runtime.getRuntime().addShutdownHook(new Thread(up.process()::destroy, "stop the stack"));
  }

  /** Returns once it said READY. */
  void awaitReady() {
    await().atMost(START_LIMIT).until(() -> !up.isAlive() || printed().contains("READY in "));
    assertThat(up.isAlive()).as("%s%s", printed(), up.errors()).isTrue();
  }

  /** Everything that {@code up} printed so far. */
  String printed() {
    return up.printed();
  }

  /** Runs a command to its end. */
  Answer run(String... args) throws IOException, InterruptedException {
    return start(args).end(COMMAND_LIMIT);
  }

  /** A command against this stack. */
  Answer ask(String command, String... args) throws IOException, InterruptedException {
    return startHere(command, args).end(COMMAND_LIMIT);
  }

  /** Starts a command against this stack. */
  Command startHere(String command, String... args) throws IOException {
    List<String> all = new ArrayList<>(List.of("--port-offset", offset(), command));
    all.addAll(List.of(args));
    return start(all.toArray(String[]::new));
  }

  /**
   * Starts a demo on these ports that keeps its temporary files where no other program does. All
   * else shares the usual directory, in which servers tell each other which ports they took.
   */
  Command startDemo(int events) throws IOException {
    List<String> jvm = List.of("-Djava.io.tmpdir=" + Files.createDirectories(temporary));
    return start(jvm, "--port-offset", offset(), "demo", "--events", Integer.toString(events));
  }

  String offset() {
    return Integer.toString(ports.offset());
  }

  private Command start(String... args) throws IOException {
    return start(List.of(), args);
  }

  private Command start(List<String> jvm, String... args) throws IOException {
    Files.createDirectories(directory);
    Path out = Files.createTempFile(directory, "out", ".txt");
    Path err = Files.createTempFile(directory, "err", ".txt");
    // As from a terminal: in a group of its own, and with Ctrl-C not ignored as by '&' in a script
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "--default-signal=INT",
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
    command.addAll(jvm);
    command.addAll(
        List.of(
            "-Dlauncher.root=" + ROOT,
            "-Dservices.home=" + ROOT.resolve("deploy/services"),
            "-cp",
            MODULE.resolve("launcher.jar") + ":" + MODULE.resolve("lib") + "/*",
            "io.eventpipeline.launcher.Main"));
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment());
    return new Command(builder.start(), out, err);
  }

  private Map<String, String> environment() {
    return Map.of("XDG_CACHE_HOME", cache.toString());
  }

  /** Each component of {@code status --json}. */
  Map<String, JsonNode> status() throws IOException, InterruptedException {
    JsonNode all = JSON.readTree(ask("status", "--json").out());
    Map<String, JsonNode> components = new TreeMap<>();
    all.propertyStream().forEach(entry -> components.put(entry.getKey(), entry.getValue()));
    return components;
  }

  /** The process of a component; waits for it while it is being restarted. */
  ProcessId process(String component) {
    return await(component + " runs")
        .atMost(RESTART_LIMIT)
        .until(() -> find(component), Optional::isPresent)
        .orElseThrow();
  }

  /** From the launcher's own file: a command would take longer than many a restart. */
  private Optional<ProcessId> find(String component) {
    return Stacks.find(ports.offset(), environment())
        .flatMap(
            state -> state.components().stream().filter(c -> c.name().equals(component)).findAny())
        .map(StackState.Component::process)
        .filter(ProcessId::isAlive);
  }

  /** SIGKILL to one component; returns its process. */
  ProcessId kill(String component) throws IOException, InterruptedException {
    ProcessId process = process(component);
    signal("KILL", process.pid());
    await().until(() -> !process.isAlive());
    return process;
  }

  /** How often the launcher said that it brought {@code component} back. */
  int returns(String component) {
    return printed().split(component + " is back", -1).length - 1;
  }

  /** SIGTERM, as {@code kill} and service managers send it; returns the launcher's exit code. */
  int terminate() throws IOException, InterruptedException {
    signal("TERM", up.process().pid());
    return up.end(STOP_LIMIT).code();
  }

  /** Ctrl-C: SIGINT to all that is in the terminal's foreground. */
  void interrupt() throws IOException, InterruptedException {
    signal("INT", -up.process().pid());
  }

  /** The exit code of the launcher, which is about to end. */
  int ended(Duration limit) throws InterruptedException {
    return up.end(limit).code();
  }

  /** SIGKILL to the launcher itself. */
  void killLauncher() throws InterruptedException {
    up.process().destroyForcibly();
    assertThat(up.process().waitFor(5, TimeUnit.SECONDS)).isTrue();
  }

  /** The JDK sends only two signals, and none to a group. */
  static void signal(String name, long pid) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("bash", "-c", "kill -" + name + " -- " + pid).inheritIO().start();
    assertThat(kill.waitFor()).as("kill -%s %d", name, pid).isZero();
  }

  /** Command lines of all processes that have to do with this stack's data or temporary files. */
  List<String> processes() {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(path -> path.getFileName().toString().matches("\\d+"))
          .map(LocalStack::commandLine)
          .filter(line -> line.contains(data.toString()) || line.contains(temporary.toString()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline")).replace('\0', ' ').strip();
    } catch (IOException endedMeanwhile) {
      return "";
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    if (up != null && up.isAlive()) {
      assertThat(terminate()).isZero();
      assertThat(processes()).isEmpty();
    }
  }
}
