package io.eventpipeline.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReaperIT {
  @TempDir Path directory;

  @Test
  void nothingOutlivesAKilledParent() throws IOException, InterruptedException {
    Process parent =
        new ProcessBuilder(
                ServerFiles.java().toString(),
                "-Dservices.home=" + ServerFiles.home(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<Long> left = new ArrayList<>();
    try (BufferedReader output = parent.inputReader()) {
      for (String line = output.readLine();
          line != null && !line.equals("ready");
          line = output.readLine()) {
        left.add(Long.parseLong(line));
      }
    }
    assertThat(left).hasSizeGreaterThan(8).allMatch(ReaperIT::runs);

    Signals.send(parent.pid(), Signals.KILL);

    assertThat(parent.waitFor(10, TimeUnit.SECONDS)).isTrue();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(left).noneMatch(ReaperIT::runs));
  }

  @Test
  void aPidThatIsAnotherProcessNowIsLeftAlone() throws IOException, InterruptedException {
    Process registered = sleeper();
    Process other = sleeper();
    Process reaper =
        new ProcessBuilder("sh", "-c", ServerFiles.resource("reaper.sh"), "reaper").start();
    try {
      long ticks = ProcFs.startTicks(registered.pid()).getAsLong();
      try (OutputStream pipe = reaper.getOutputStream()) {
        pipe.write(line("+", registered.pid(), ticks));
        pipe.write(line("+", other.pid(), ticks - 1_000)); // it started earlier, and has ended
      }

      assertThat(registered.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(reaper.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroyForcibly();
      registered.destroyForcibly();
    }
  }

  @Test
  void aForgottenProcessIsLeftAlone() throws IOException, InterruptedException {
    Process forgotten = sleeper();
    Process reaper =
        new ProcessBuilder("sh", "-c", ServerFiles.resource("reaper.sh"), "reaper").start();
    try {
      try (OutputStream pipe = reaper.getOutputStream()) {
        long ticks = ProcFs.startTicks(forgotten.pid()).getAsLong();
        pipe.write(line("+", forgotten.pid(), ticks));
        pipe.write(("- " + forgotten.pid() + "\n").getBytes(StandardCharsets.US_ASCII));
      }

      assertThat(reaper.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(forgotten.isAlive()).isTrue();
    } finally {
      forgotten.destroyForcibly();
    }
  }

  private static boolean runs(long pid) {
    return ProcFs.startTicks(pid).isPresent();
  }

  private static Process sleeper() throws IOException {
    Process process = new ProcessBuilder("setsid", "sleep", "60").start();
    await().until(() -> ProcFs.startTicks(process.pid()).isPresent());
    return process;
  }

  private static byte[] line(String sign, long pid, long ticks) {
    return (sign + " " + pid + " " + ticks + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Starts a server of each kind, a JVM, a program and a family of processes, prints the pid of
   * every process below it, and waits to be killed.
   */
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws InterruptedException {
      ServiceKit kit = ServiceKit.builder(Path.of(args[0])).redis().postgres().clickhouse().start();
      // Its children are in groups of their own, and stopped they do not see their parent die
      kit.postgres().pause();
      ProcessHandle.current().descendants().forEach(handle -> System.out.println(handle.pid()));
      System.out.println("ready");
      Thread.currentThread().join();
    }
  }
}
