package io.eventpipeline.launcher.stack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Takes a stack down within 20 s: edge up to 4 s, savepoint up to 8 s, the rest up to 6 s; what has
 * not ended by then is killed.
 */
final class StackStop {
  private static final Duration EDGE = Duration.ofSeconds(4);
  private static final Duration SAVEPOINT = Duration.ofSeconds(8);
  private static final Duration REST = Duration.ofSeconds(6);

  private final StackComponents components;
  private final JobKeeper job;
  private final Console console;

  StackStop(StackComponents components, JobKeeper job, Console console) {
    this.components = components;
    this.job = job;
    this.console = console;
  }

  /** Returns when no process is left. */
  void run() {
    long begin = System.nanoTime();
    console.line("Stopping");
    boolean submitted = components.jobManager().service().pid().isPresent();
    components.all().forEach(Component::retire);
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      stop(List.of(components.edge()), EDGE, threads);
      if (submitted && !savepoint()) {
        // A JobManager that ends by itself may delete checkpoints of the job it gives up.
        components.jobManager().kill();
      }
      stop(components.all(), REST, threads);
    } finally {
      threads.shutdown();
      components.close();
    }
    console.line("Stopped in %.1f s".formatted((System.nanoTime() - begin) / 1e9));
  }

  private boolean savepoint() {
    try {
      return job.stopWithSavepoint(SAVEPOINT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void stop(List<Component> some, Duration limit, ExecutorService threads) {
    List<Future<?>> stops = new ArrayList<>();
    for (Component component : some) {
      stops.add(threads.submit(component::stop));
    }
    long deadline = System.nanoTime() + limit.toNanos();
    for (int i = 0; i < some.size(); i++) {
      await(some.get(i), stops.get(i), deadline);
    }
  }

  private static void await(Component component, Future<?> stop, long deadline) {
    try {
      stop.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      component.forceEnd(); // stop() then sees it gone and returns
    } catch (ExecutionException e) {
      throw new IllegalStateException(component.name() + " could not be stopped", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      component.forceEnd();
    }
  }
}
