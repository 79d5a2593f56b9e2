package io.eventpipeline.launcher.stack;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One process for ever: pids are used again, a pid with its start time is not.
 *
 * @param startTicks clock ticks since boot, field 22 of {@code /proc/<pid>/stat}; see proc(5)
 */
public record ProcessId(long pid, long startTicks) {

  /** The process that has {@code pid} now; empty when there is none, or only its zombie. */
  public static Optional<ProcessId> of(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The command's name, in parentheses, may itself hold blanks and parentheses.
      String[] fields = stat.substring(stat.lastIndexOf(") ") + 2).split(" ", -1);
      return fields[0].equals("Z") || fields[0].equals("X")
          ? Optional.empty()
          : Optional.of(new ProcessId(pid, Long.parseLong(fields[19])));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** This JVM. */
  public static ProcessId self() {
    return of(ProcessHandle.current().pid()).orElseThrow();
  }

  @JsonIgnore
  public boolean isAlive() {
    return of(pid).filter(this::equals).isPresent();
  }

  /** Resident memory, bytes; empty when the process is gone. */
  public OptionalLong rssBytes() {
    if (!isAlive()) {
      return OptionalLong.empty();
    }
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException gone) {
      return OptionalLong.empty();
    }
  }
}
