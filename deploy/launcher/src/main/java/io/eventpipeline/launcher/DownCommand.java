package io.eventpipeline.launcher;

import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.launcher.cli.Options;
import io.eventpipeline.launcher.cli.UsageException;
import io.eventpipeline.launcher.stack.ProcessId;
import io.eventpipeline.launcher.stack.StackState;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code down}: what Ctrl-C does in the terminal of {@code up}, from another one. */
final class DownCommand {
  /** The launcher promises 20 s. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private DownCommand() {}

  static void check(List<String> args) {
    if (!Options.parse("down", args, Set.of(), Set.of()).positionals().isEmpty()) {
      throw new UsageException("down takes no arguments");
    }
  }

  /** Returns once the launcher has stopped everything and ended. */
  static int run(StackState state, PrintStream out) throws InterruptedException {
    ProcessId launcher = state.launcher();
    long begin = System.nanoTime();
    ProcessHandle.of(launcher.pid())
        .filter(process -> launcher.isAlive())
        .ifPresent(process -> end(process, launcher));
    out.printf("down in %.1f s%n", (System.nanoTime() - begin) / 1e9);
    return 0;
  }

  private static void end(ProcessHandle process, ProcessId launcher) {
    if (!process.destroy()) {
      throw new CommandException(
          "cannot signal process " + launcher.pid() + ": it belongs to another user");
    }
    try {
      process.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new CommandException(
          "the launcher (process "
              + launcher.pid()
              + ") still runs after "
              + LIMIT.toSeconds()
              + " s; 'kill -9' ends it, and with it everything that it started",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a process is no computation that fails", e);
    }
  }
}
