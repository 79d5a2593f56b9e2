package io.eventpipeline.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A command that was started, with what it prints in two files. */
record Command(Process process, Path out, Path err) {

  /** What a command that ended printed. */
  record Answer(int code, String out, String err) {}

  boolean isAlive() {
    return process.isAlive();
  }

  /** Standard output so far. */
  String printed() {
    return read(out);
  }

  /** Standard error so far. */
  String errors() {
    return read(err);
  }

  /** Waits until it ends; after {@code limit} that is a failure of the test. */
  Answer end(Duration limit) throws InterruptedException {
    boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(ended).as("ended within %s: %s", limit, printed()).isTrue();
    return new Answer(process.exitValue(), printed(), errors());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
