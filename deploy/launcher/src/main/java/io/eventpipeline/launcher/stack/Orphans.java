package io.eventpipeline.launcher.stack;

import io.eventpipeline.launcher.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a launcher left behind that ended without stopping its stack. Its reaper kills everything at
 * once; this is for the moment before that, and for a reaper that was killed with it.
 */
final class Orphans {
  private static final int LIMIT_SECONDS = 10;

  private Orphans() {}

  /**
   * Kills the processes in the state file {@code file} that still run, and deletes the file. Its
   * launcher is known to be dead: the caller holds the lock of the port offset.
   */
  static void end(Path file, Console console) {
    Optional<StackState> left = readable(file, console);
    if (left.isPresent()) {
      List<ProcessId> alive =
          left.get().components().stream()
              .map(StackState.Component::process)
              .filter(Objects::nonNull)
              .filter(ProcessId::isAlive)
              .toList();
      if (!alive.isEmpty()) {
        console.line(
            "The launcher before (process %d) ended without stopping its stack; ending %d processes"
                .formatted(left.get().launcher().pid(), alive.size()));
      }
      alive.forEach(Orphans::kill);
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new CommandException("cannot delete " + file + ": " + e.getMessage(), e);
    }
  }

  private static Optional<StackState> readable(Path file, Console console) {
    try {
      return StackState.read(file);
    } catch (CommandException e) {
      console.line(e.getMessage() + "; going on without it");
      return Optional.empty();
    }
  }

  private static void kill(ProcessId orphan) {
    Optional<ProcessHandle> handle = ProcessHandle.of(orphan.pid());
    if (handle.isEmpty() || !orphan.isAlive()) {
      return;
    }
    List<ProcessHandle> children = handle.get().descendants().toList();
    handle.get().destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    try {
      handle.get().onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new CommandException(
          "process " + orphan.pid() + " of an earlier stack could not be ended", e);
    }
  }
}
