package io.eventpipeline.launcher;

import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.launcher.stack.RunningStack;
import io.eventpipeline.launcher.stack.Stack;
import io.eventpipeline.launcher.stack.StackHome;
import io.eventpipeline.launcher.stack.StackPlan;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** A stack for one purpose: a temporary data directory, free ports, nothing left afterwards. */
final class ThrowAwayStack {
  /** Tried in turn when the ports of the asked offset are taken. */
  private static final List<Integer> OFFSETS = List.of(11_000, 12_000, 13_000, 14_000, 15_000);

  /** What the stack is for. */
  interface Use {
    boolean run(RunningStack stack) throws InterruptedException;
  }

  private ThrowAwayStack() {}

  /**
   * Starts a stack, runs {@code use} while it is supervised, stops it and deletes its data.
   *
   * @param portOffset tried first; others follow when its ports are taken
   * @return what {@code use} returned; false when it was interrupted
   * @throws CommandException when no stack comes up, or from {@code use}
   */
  static boolean use(
      int portOffset, Path root, Map<String, String> environment, PrintStream out, Use use)
      throws InterruptedException {
    Path directory = temporary();
    // One below, since the stack keeps a lock beside its data
    Path data = directory.resolve("data");
    try (Stack stack = open(portOffset, data, root, environment, out)) {
      Interrupts.handle(stack::requestStop);
      stack.start();
      return run(stack, use);
    } finally {
      delete(directory);
    }
  }

  private static boolean run(Stack stack, Use use) throws InterruptedException {
    AtomicBoolean result = new AtomicBoolean();
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    Thread worker =
        new Thread(
            () -> {
              try {
                result.set(use.run(stack.address()));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                failure.set(e);
              } finally {
                stack.requestStop();
              }
            },
            "throw-away-use");
    worker.start();
    stack.supervise();
    worker.interrupt();
    worker.join();
    if (failure.get() != null) {
      throw failure.get();
    }
    return result.get();
  }

  private static Stack open(
      int portOffset, Path data, Path root, Map<String, String> environment, PrintStream out) {
    CommandException first = null;
    for (int offset : Stream.concat(Stream.of(portOffset), OFFSETS.stream()).toList()) {
      try {
        StackHome home = StackHome.of(data, offset, environment);
        return Stack.open(StackPlan.of(home, offset, root), false, out);
      } catch (CommandException e) {
        first = first == null ? e : first;
      }
    }
    throw first;
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("event-pipeline-demo-");
    } catch (IOException e) {
      throw new CommandException("cannot make a temporary directory: " + e.getMessage(), e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new CommandException("cannot delete " + directory + ": " + e.getMessage(), e);
    }
  }
}
