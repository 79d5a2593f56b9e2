package io.eventpipeline.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** What Linux tells about a process in {@code /proc}. */
final class ProcFs {
  /** By a signal, by a tracer, and ended. */
  private static final Set<String> STOPPED = Set.of("T", "t", "Z", "X");

  private ProcFs() {}

  /**
   * When the process was started, in clock ticks since boot: with the pid it names a process for
   * ever, as pids are used again. Empty when there is no such process, or only its zombie.
   */
  static OptionalLong startTicks(long pid) {
    try {
      String[] fields = stat(Path.of("/proc/" + pid));
      return fields[0].equals("Z") || fields[0].equals("X")
          ? OptionalLong.empty()
          : OptionalLong.of(Long.parseLong(fields[19]));
    } catch (IOException gone) {
      return OptionalLong.empty();
    }
  }

  /**
   * Whether no thread of the process runs any more after SIGSTOP, which threads in the kernel
   * notice only when they leave it. What is gone does not run either.
   */
  static boolean isStopped(long pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return threads.allMatch(ProcFs::isThreadStopped);
    } catch (IOException | UncheckedIOException gone) {
      return true;
    }
  }

  private static boolean isThreadStopped(Path thread) {
    try {
      return STOPPED.contains(stat(thread)[0]);
    } catch (IOException gone) {
      return true;
    }
  }

  /** From the third field on, the state. */
  private static String[] stat(Path process) throws IOException {
    String stat = Files.readString(process.resolve("stat"));
    // The command, in parentheses, may hold spaces and parentheses itself: fields count after it.
    return stat.substring(stat.lastIndexOf(") ") + 2).split(" ", -1);
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
