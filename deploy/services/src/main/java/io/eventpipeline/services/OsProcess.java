package io.eventpipeline.services;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A running process that leads a session of its own, so the terminal's Ctrl-C does not reach it,
 * and is registered with the {@link Reaper} before its program begins.
 */
final class OsProcess {
  /** A shell that waits for one line before it becomes the program: no line, no program. */
  private static final String GATE = "read -r go && exec \"$@\" </dev/null";

  /** A server that is killed again and again must not lose the log that says why. */
  private static final int OLD_LOGS_MAX = 20;

  private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final Process process;

  private OsProcess(Process process) {
    this.process = process;
  }

  /**
   * @param environment added to this JVM's own
   * @param log receives standard output and error; older ones are kept beside it as {@code .1} (the
   *     newest) to {@code .20}
   */
  static OsProcess start(
      List<String> command, Map<String, String> environment, Path directory, Path log) {
    var gated = new ArrayList<>(List.of("setsid", "sh", "-c", GATE, "starting"));
    gated.addAll(command);
    try {
      Files.createDirectories(directory);
      rotate(log);
      var builder =
          new ProcessBuilder(gated)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      // Killed between these lines, this JVM leaves a shell that reads end of file and exits.
      try (OutputStream gate = process.getOutputStream()) {
        Reaper.instance().register(process.pid());
        gate.write('\n');
      }
      return new OsProcess(process);
    } catch (IOException e) {
      throw new ServiceException("cannot start " + command.get(0) + ": " + e.getMessage(), e);
    }
  }

  /** The run before becomes {@code .1}, the one before that {@code .2}, and so on. */
  private static void rotate(Path log) throws IOException {
    Files.createDirectories(log.getParent());
    for (int age = OLD_LOGS_MAX; age > 0; age--) {
      Path newer = age == 1 ? log : old(log, age - 1);
      if (Files.exists(newer)) {
        Files.move(newer, old(log, age), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static Path old(Path log, int age) {
    return log.resolveSibling(log.getFileName() + "." + age);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Only after it ended. */
  int exitCode() {
    return process.exitValue();
  }

  /** The signal goes to the leader, which knows how to end its own children; then {@link #kill}. */
  void stop(int signal, Duration grace) {
    Signals.send(pid(), signal);
    // A paused process would keep the signal pending for ever.
    signalAll(Signals.CONT);
    if (!endsWithin(grace)) {
      kill();
    }
    Reaper.instance().forget(pid());
  }

  void kill() {
    List<ProcessHandle> tree = tree();
    Signals.sendGroup(pid(), Signals.KILL);
    tree.forEach(handle -> Signals.send(handle.pid(), Signals.KILL));
    boolean gone = endsWithin(KILL_TIMEOUT);
    for (ProcessHandle handle : tree) {
      gone &= awaitExit(handle);
    }
    if (!gone) {
      throw new ServiceException("process " + pid() + " survived SIGKILL");
    }
    Reaper.instance().forget(pid());
  }

  /** Returns once nothing of it runs, so that a question asked from now on is not answered. */
  void pause() {
    signalAll(Signals.STOP);
    boolean stopped =
        Wait.until(
            STOP_TIMEOUT,
            () ->
                ProcFs.isStopped(pid())
                    && tree().stream().allMatch(handle -> ProcFs.isStopped(handle.pid())));
    if (!stopped) {
      throw new ServiceException("process " + pid() + " goes on after SIGSTOP");
    }
  }

  /** To its group and to descendants that left the group, as Postgres' children do. */
  void signalAll(int signal) {
    List<ProcessHandle> tree = tree();
    Signals.sendGroup(pid(), signal);
    tree.forEach(handle -> Signals.send(handle.pid(), signal));
  }

  private List<ProcessHandle> tree() {
    return process.descendants().toList();
  }

  private boolean endsWithin(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean awaitExit(ProcessHandle handle) {
    return Wait.until(KILL_TIMEOUT, () -> ProcFs.startTicks(handle.pid()).isEmpty());
  }
}
