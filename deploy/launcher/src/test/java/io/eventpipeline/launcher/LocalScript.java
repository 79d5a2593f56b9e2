package io.eventpipeline.launcher;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The script {@code deploy/local} in a repository that holds nothing else, with programs that stand
 * for Maven and Java: they write down how they were called. This Maven makes empty artifacts; this
 * Java, where it stands for the launcher, runs until its standard input ends.
 */
final class LocalScript implements AutoCloseable {
  private static final Path SCRIPT = Path.of("..", "local").toAbsolutePath().normalize();
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private static final Pattern LAUNCHED = Pattern.compile("(?m)^launcher .*\\n");

  private static final List<String> ARTIFACTS =
      List.of(
          "deploy/launcher/target/launcher.jar",
          "deploy/launcher/target/lib",
          "deploy/services/kafka/target/lib",
          "deploy/services/flink/target/lib",
          "deploy/services/clickhouse/node_modules",
          "edge-ingest/target/edge-ingest.jar",
          "edge-ingest/target/lib",
          "schema-registry/server/target/registry-server.jar",
          "schema-registry/server/target/lib",
          "flink-job/target/flink-job.jar");

  private static final String MAVEN =
      """
      #!/usr/bin/env bash
      if [[ $1 == --version ]]; then
        echo 'Apache Maven 3.9.9'
        exit
      fi
      printf '%s\\n' "MAVEN_ARGS=$MAVEN_ARGS" "$@" '' >>"$TREE/maven-calls"
      [[ ! -p $TREE/hold ]] || read -r _ <"$TREE/hold"
      [[ ! -e $TREE/broken ]] || { yes 'does not compile' | head -n 20000 && exit 1; }
      for artifact in $ARTIFACTS; do mkdir -p "$TREE/$artifact"; done
      """;

  private static final String JAVA =
      """
      #!/usr/bin/env bash
      case $1 in
        -version) echo 'openjdk version "17.0.15"' >&2 ;;
        --list-modules) echo jdk.compiler@17.0.15 ;;
        *)
          printf 'launcher'
          while [[ $1 != io.eventpipeline.launcher.Main ]]; do shift; done
          printf ' %s' "${@:2}"
          printf '\\n'
          exec cat >/dev/null # no file, which could appear while the tree is being deleted
          ;;
      esac
      """;

  private static final String NODE =
      """
      #!/usr/bin/env bash
      echo v20.1.0
      """;

  private final Path tree;
  private final List<Process> started = new ArrayList<>();

  /** A run of the script. */
  record Run(Process process, Path out) {
    /** Both outputs so far. */
    String printed() {
      try {
        return Files.readString(out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Waits until the launcher was called. */
    Run launched() {
      await().atMost(LIMIT).until(() -> LAUNCHED.matcher(printed()).find());
      return this;
    }

    /** Ends the launcher. */
    void stop() throws IOException {
      process.getOutputStream().close();
      await().atMost(LIMIT).until(() -> !process.isAlive());
    }

    /** Waits for the exit code. */
    int code() {
      await().atMost(LIMIT).until(() -> !process.isAlive());
      return process.exitValue();
    }
  }

  /**
   * A repository in {@code tree} where nothing is built.
   *
   * @param tree an empty directory
   */
  LocalScript(Path tree) throws IOException {
    this.tree = tree;
    Files.createDirectories(tree.resolve("deploy"));
    Files.copy(SCRIPT, tree.resolve("deploy/local"));
    program("deploy/local", Files.readString(SCRIPT));
    program("bin/mvn", MAVEN);
    program("bin/java", JAVA);
    program("bin/node", NODE);
    program("bin/npm", NODE);
    touch("edge-ingest/src/main/java/Edge.java", Instant.now().minusSeconds(60));
  }

  private void program(String name, String text) throws IOException {
    Path file = tree.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A source as last changed at {@code time}, and its directories before. */
  void touch(String source, Instant time) throws IOException {
    Path file = tree.resolve(source);
    Files.createDirectories(file.getParent());
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    Files.setLastModifiedTime(file, FileTime.from(time));
    for (Path parent = file.getParent(); !parent.equals(tree); parent = parent.getParent()) {
      Files.setLastModifiedTime(parent, FileTime.from(Instant.now().minusSeconds(60)));
    }
  }

  /** From now on a build fails. */
  void breakBuild() throws IOException {
    Files.createFile(tree.resolve("broken"));
  }

  /** From now on a build succeeds again. */
  void repairBuild() throws IOException {
    Files.delete(tree.resolve("broken"));
  }

  /** From now on a build waits for {@link #release}. */
  void hold() throws IOException, InterruptedException {
    new ProcessBuilder("mkfifo", tree.resolve("hold").toString()).inheritIO().start().waitFor();
  }

  /** Lets the build that waits go on, and all later ones. */
  void release() throws IOException {
    Path hold = tree.resolve("hold");
    Files.writeString(hold, "go\n");
    Files.delete(hold);
  }

  /** From now on {@code uname} says that this is {@code system}. */
  void runOn(String system) throws IOException {
    program("bin/uname", "#!/usr/bin/env bash\necho '" + system + "'\n");
  }

  void deleteArtifact(String artifact) throws IOException {
    Files.delete(tree.resolve(artifact));
  }

  /** Starts the script. */
  Run run(String... args) throws IOException {
    return run(Map.of(), args);
  }

  /** Starts the script with more {@code environment}. */
  Run run(Map<String, String> environment, String... args) throws IOException {
    Path out = tree.resolve("out-" + started.size() + ".txt");
    List<String> command = new ArrayList<>(List.of(tree.resolve("deploy/local").toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    Map<String, String> all = builder.environment();
    all.remove("JAVA_HOME");
    all.remove("MAVEN_ARGS");
    all.put("PATH", tree.resolve("bin") + ":" + all.get("PATH"));
    all.put("TREE", tree.toString());
    all.put("ARTIFACTS", String.join(" ", ARTIFACTS));
    all.putAll(environment);
    Process process = builder.start();
    started.add(process);
    return new Run(process, out);
  }

  /** Each call of Maven that was to build: {@code MAVEN_ARGS=<value>}, then the arguments. */
  List<List<String>> builds() throws IOException {
    Path calls = tree.resolve("maven-calls");
    if (!Files.exists(calls)) {
      return List.of();
    }
    return List.of(Files.readString(calls).strip().split("\n\n")).stream()
        .map(call -> List.of(call.split("\n")))
        .toList();
  }

  void awaitBuilds(int count) {
    await().atMost(LIMIT).until(() -> builds().size() == count);
  }

  @Override
  public void close() {
    started.forEach(Process::destroyForcibly);
  }
}
