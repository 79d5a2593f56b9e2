package io.eventpipeline.services;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A program that a server needs to have run before it starts, such as initdb. */
final class Tool {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private Tool() {}

  /**
   * Runs it to its end.
   *
   * @throws ServiceException when it fails or takes more than 120 s, with the tail of its output
   */
  static void run(List<String> command, Path directory, Path log) {
    OsProcess process = OsProcess.start(command, java.util.Map.of(), directory, log);
    if (!Wait.until(LIMIT, () -> !process.isAlive())) {
      process.kill();
      throw failed(command, "took more than " + LIMIT.toSeconds() + " s", log);
    }
    Reaper.instance().forget(process.pid());
    if (process.exitCode() != 0) {
      throw failed(command, "exit code " + process.exitCode(), log);
    }
  }

  private static ServiceException failed(List<String> command, String why, Path log) {
    return new ServiceException(
        String.join(" ", command) + ": " + why + "; " + log + ":\n" + LogTail.of(log));
  }
}
