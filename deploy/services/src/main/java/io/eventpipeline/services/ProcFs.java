package io.eventpipeline.services;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What Linux tells about a process in {@code /proc}. */
final class ProcFs {
  private ProcFs() {}

  /**
   * When the process was started, in clock ticks since boot: with the pid it names a process for
   * ever, as pids are used again. Empty when there is no such process, or only its zombie.
   */
  static OptionalLong startTicks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The command, in parentheses, may hold spaces and parentheses itself: fields count after it.
      String[] fields = stat.substring(stat.lastIndexOf(") ") + 2).split(" ", -1);
      return fields[0].equals("Z") || fields[0].equals("X")
          ? OptionalLong.empty()
          : OptionalLong.of(Long.parseLong(fields[19]));
    } catch (IOException gone) {
      return OptionalLong.empty();
    }
  }

  /** Resident memory in bytes; empty when the process is gone. */
  static OptionalLong residentBytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")) * 1024);
        }
      }
      return OptionalLong.empty();
    } catch (IOException gone) {
      return OptionalLong.empty();
    }
  }
}
