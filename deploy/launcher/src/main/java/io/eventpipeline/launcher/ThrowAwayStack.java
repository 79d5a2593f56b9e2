package io.eventpipeline.launcher;

import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.launcher.stack.Stack;
import io.eventpipeline.launcher.stack.StackHome;
import io.eventpipeline.launcher.stack.StackPlan;
import java.io.Closeable;
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

/**
 * A stack for one purpose: a temporary data directory, ports of its own, nothing left afterwards.
 */
final class ThrowAwayStack {

  /** What the stack is for. */
  interface Use {
    /** The plan of the stack, made from that of the usual one. */
    default StackPlan plan(StackPlan usual) {
      return usual;
    }

    /** What has to be there before the stack starts; it is closed after the stack stopped. */
    default Closeable surround(StackPlan plan) throws InterruptedException {
      return () -> {};
    }

    /** Uses the stack, which is ready; on a thread of its own, which a stop interrupts. */
    boolean run(Stack stack) throws InterruptedException;
  }

  private ThrowAwayStack() {}

  /**
   * Starts a stack, runs {@code use} while it is supervised, stops it and deletes its data; the
   * logs stay when {@code use} said false.
   *
   * @param name of what it is for: part of the directory's name
   * @param offsets of the ports, tried in turn
   * @return what {@code use} returned; false when it was interrupted
   * @throws CommandException when no stack comes up, or from {@code use}
   */
  static boolean use(
      String name,
      List<Integer> offsets,
      Path root,
      Map<String, String> environment,
      PrintStream out,
      Use use)
      throws InterruptedException {
    Path directory = temporary(name);
    // One below, since the stack keeps a lock beside its data
    Path data = directory.resolve("data");
    AtomicBoolean stopped = new AtomicBoolean();
    boolean holds = false;
    boolean ended = false;
    try {
      try (Opened opened = open(offsets, data, root, environment, out, use)) {
        Interrupts.handle(
            () -> {
              stopped.set(true);
              opened.stack().requestStop();
            });
        opened.stack().start();
        holds = run(opened.stack(), use);
      }
      ended = true;
    } catch (IOException e) {
      throw new CommandException("cannot clean up: " + e.getMessage(), e);
    } finally {
      if (holds || stopped.get()) {
        delete(directory);
      } else {
        Path logs = keepLogs(directory, data);
        out.println((ended ? "Does not hold; logs are in " : "Failed; logs are in ") + logs);
      }
    }
    return holds;
  }

  /**
   * A stack that has its ports, and what has to be there before it starts.
   *
   * @param surroundings closed after the stack stopped
   */
  private record Opened(Stack stack, Closeable surroundings) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try (surroundings) {
        stack.close();
      }
    }
  }

  private static boolean run(Stack stack, Use use) throws InterruptedException {
    AtomicBoolean result = new AtomicBoolean();
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    Thread worker =
        new Thread(
            () -> {
              try {
                result.set(use.run(stack));
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

  private static Opened open(
      List<Integer> offsets,
      Path data,
      Path root,
      Map<String, String> environment,
      PrintStream out,
      Use use)
      throws InterruptedException {
    CommandException first = null;
    for (int offset : offsets) {
      try {
        StackHome home = StackHome.of(data, offset, environment);
        return open(use.plan(StackPlan.of(home, offset, root)), out, use);
      } catch (CommandException e) {
        first = first == null ? e : first;
      }
    }
    throw first;
  }

  private static Opened open(StackPlan plan, PrintStream out, Use use) throws InterruptedException {
    Stack stack = Stack.open(plan, false, out);
    boolean opened = false;
    try {
      Closeable surroundings = use.surround(plan);
      opened = true;
      return new Opened(stack, surroundings);
    } finally {
      if (!opened) {
        stack.close();
      }
    }
  }

  private static Path temporary(String name) {
    try {
      return Files.createTempDirectory("event-pipeline-" + name + "-");
    } catch (IOException e) {
      throw new CommandException("cannot make a temporary directory: " + e.getMessage(), e);
    }
  }

  /** Only what is needed to find out: tables and topics may be gigabytes. */
  private static Path keepLogs(Path directory, Path data) {
    Path kept = directory.resolve("logs");
    Path logs = data.resolve("services").resolve("logs");
    try {
      if (Files.exists(logs)) {
        Files.move(logs, kept);
      }
    } catch (IOException e) {
      throw new CommandException("cannot keep " + logs + ": " + e.getMessage(), e);
    }
    delete(data);
    return kept;
  }

  private static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new CommandException("cannot delete " + directory + ": " + e.getMessage(), e);
    }
  }
}
