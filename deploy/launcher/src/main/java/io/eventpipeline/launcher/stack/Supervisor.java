package io.eventpipeline.launcher.stack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches every component and the job, each on a thread of its own, so that the slow restart of one
 * never delays that of another.
 */
final class Supervisor implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration EXAMINE = Duration.ofSeconds(2);
  private static final Duration TEND = Duration.ofSeconds(1);
  private static final Duration JOIN = Duration.ofSeconds(2);

  private final StackComponents components;
  private final JobKeeper job;
  private final Console console;
  private final List<Thread> threads = new ArrayList<>();

  /** One round of a watcher; ends by being interrupted. */
  private interface Round {
    void run() throws InterruptedException;
  }

  Supervisor(StackComponents components, JobKeeper job, Console console) {
    this.components = components;
    this.job = job;
    this.console = console;
  }

  void start() {
    for (Component component : components.all()) {
      watch("watch-" + component.name(), () -> look(component));
    }
    watch(
        "examine",
        () -> {
          Thread.sleep(EXAMINE.toMillis());
          components.all().forEach(Component::examine);
        });
    watch(
        "tend-job",
        () -> {
          Thread.sleep(TEND.toMillis());
          if (components.jobManager().state() == ComponentState.READY) {
            job.tend();
          }
        });
  }

  private void look(Component component) throws InterruptedException {
    Thread.sleep(LOOK.toMillis());
    if (!component.died()) {
      return;
    }
    Duration wait = component.mourn();
    if (component == components.jobManager()) {
      // Tasks that nobody leads could still write: they end before the job is submitted again.
      components.taskManagers().forEach(Component::replace);
    }
    Thread.sleep(wait.toMillis());
    while (component.state() == ComponentState.RESTARTING && !component.revive()) {
      if (component.state() == ComponentState.RESTARTING) {
        Thread.sleep(component.mourn().toMillis());
      }
    }
  }

  private void watch(String name, Round round) {
    Thread thread =
        StateWriter.daemon(
            () -> {
              try {
                while (!Thread.currentThread().isInterrupted()) {
                  safely(name, round);
                }
              } catch (InterruptedException e) {
                // The stack is being stopped: that is how a watcher ends.
                Thread.currentThread().interrupt();
              }
            },
            name);
    threads.add(thread);
    thread.start();
  }

  /** A round that fails is reported, and the next one is due as usual: nothing goes unwatched. */
  private void safely(String name, Round round) throws InterruptedException {
    try {
      round.run();
    } catch (RuntimeException e) {
      console.line(name + " failed: " + e);
      Thread.sleep(EXAMINE.toMillis());
    }
  }

  /** Returns when no watcher starts anything any more. */
  @Override
  public void close() {
    components.all().forEach(Component::retire);
    threads.forEach(Thread::interrupt);
    long deadline = System.nanoTime() + JOIN.toNanos();
    for (Thread thread : threads) {
      try {
        thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
