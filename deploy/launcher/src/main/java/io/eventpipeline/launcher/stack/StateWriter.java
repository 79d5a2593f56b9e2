package io.eventpipeline.launcher.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps the state file up to date: at every change of phase and every half second. */
final class StateWriter implements AutoCloseable {
  private static final long EVERY_MILLIS = 500;

  private final StackPlan plan;
  private final StackComponents components;
  private final Console console;
  private final Path file;
  private final ProcessId self = ProcessId.self();
  private final Thread ticker = daemon(this::tick, "state-writer");
  private StackState.Phase phase;
  private StackState written;
  private boolean failed;
  private boolean closed;

  StateWriter(StackPlan plan, StackComponents components, Console console) {
    this.plan = plan;
    this.components = components;
    this.console = console;
    this.file = plan.home().state(plan.ports().offset());
  }

  static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  void start(StackState.Phase first) {
    phase(first);
    ticker.start();
  }

  private void tick() {
    try {
      while (true) {
        Thread.sleep(EVERY_MILLIS);
        write();
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void phase(StackState.Phase next) {
    phase = next;
    write();
  }

  private synchronized void write() {
    StackState now =
        new StackState(
            self,
            plan.ports().offset(),
            plan.home().data().toString(),
            phase,
            components.all().stream().map(Component::describe).toList());
    if (closed || now.equals(written)) {
      return;
    }
    try {
      now.write(file);
      written = now;
      failed = false;
    } catch (IOException e) {
      // The stack runs on without it; only status and down would not find it.
      if (!failed) {
        console.line("cannot write " + file + ": " + e.getMessage());
      }
      failed = true;
    }
  }

  /** The file goes: nothing runs any more. */
  @Override
  public void close() {
    ticker.interrupt();
    synchronized (this) {
      closed = true;
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        console.line("cannot delete " + file + ": " + e.getMessage());
      }
    }
  }
}
