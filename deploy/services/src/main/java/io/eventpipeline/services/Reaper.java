package io.eventpipeline.services;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Kills what this JVM leaves behind, even after {@code kill -9}. One shell in a session of its own
 * reads a pipe that only this JVM holds open; the kernel closes it when the JVM ends, whatever
 * ended it, and the shell then kills every process that was registered and still runs. A process is
 * known by pid and start time, so a pid that was used again is left alone. One per JVM;
 * thread-safe.
 */
final class Reaper {
  private static final Reaper INSTANCE = new Reaper();

  private final Map<Long, Long> startTicks = new LinkedHashMap<>();
  private Process shell;
  private BufferedWriter pipe;

  private Reaper() {}

  static Reaper instance() {
    return INSTANCE;
  }

  /** From now on the process group that {@code pid} leads dies with this JVM. */
  synchronized void register(long pid) {
    long ticks =
        ProcFs.startTicks(pid)
            .orElseThrow(() -> new ServiceException("process " + pid + " ended at once"));
    if (shell == null || !shell.isAlive()) {
      launch();
    }
    write("+ " + pid + " " + ticks);
    startTicks.put(pid, ticks);
  }

  /** After its end was seen. */
  synchronized void forget(long pid) {
    if (startTicks.remove(pid) != null && shell.isAlive()) {
      write("- " + pid);
    }
  }

  synchronized long pid() {
    return shell.pid();
  }

  private void launch() {
    try (InputStream script = Reaper.class.getResourceAsStream("reaper.sh")) {
      String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
      shell =
          new ProcessBuilder("setsid", "sh", "-c", text, "event-pipeline-reaper")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new ServiceException("cannot start the reaper (setsid and sh are needed)", e);
    }
    pipe = shell.outputWriter(StandardCharsets.US_ASCII);
    startTicks.forEach((pid, ticks) -> write("+ " + pid + " " + ticks));
  }

  private void write(String line) {
    try {
      pipe.write(line);
      pipe.newLine();
      pipe.flush();
    } catch (IOException e) {
      throw new ServiceException("the reaper (process " + shell.pid() + ") was lost", e);
    }
  }
}
