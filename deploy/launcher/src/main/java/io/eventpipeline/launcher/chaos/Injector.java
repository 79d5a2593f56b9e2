package io.eventpipeline.launcher.chaos;

import io.eventpipeline.launcher.cli.CommandException;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Injects the faults of a schedule when they are due, and undoes each of them. */
final class Injector {
  /** A component that the fault before it hit may still be starting. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Longer than any restart: a fault that cannot be undone ends the run. */
  private static final Duration CURE_PATIENCE = Duration.ofMinutes(2);

  private static final Duration RETRY = Duration.ofMillis(500);

  private final Faults faults;
  private final PrintStream out;
  private final Consumer<Injected> done;

  /**
   * @param done gets each fault when it is over, on any thread, one at a time
   */
  Injector(Faults faults, PrintStream out, Consumer<Injected> done) {
    this.faults = faults;
    this.out = out;
    this.done = done;
  }

  /**
   * Returns when the last fault is undone.
   *
   * @throws CommandException when one cannot be undone
   * @throws InterruptedException after every fault that had begun was undone
   */
  void run(Schedule schedule) throws InterruptedException {
    long start = System.nanoTime();
    ExecutorService threads = Executors.newCachedThreadPool(); // as many as there are victims
    List<Future<?>> running = new ArrayList<>();
    try {
      for (Schedule.Planned fault : schedule.faults()) {
        sleepUntil(start + fault.at().toNanos());
        running.add(
            threads.submit(
                () -> {
                  inject(fault, start);
                  return null;
                }));
      }
      for (Future<?> fault : running) {
        fault.get();
      }
      undo(faults.everything());
    } catch (ExecutionException e) {
      throw new CommandException("a fault was not undone: " + e.getCause().getMessage(), e);
    } finally {
      threads.shutdownNow();
      threads.awaitTermination(CURE_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private void inject(Schedule.Planned fault, long start) throws InterruptedException {
    Instant begin = Instant.now();
    Faults.Cure cure;
    try {
      cure = insist(PATIENCE, () -> faults.inject(fault));
    } catch (IOException e) {
      report(new Injected(fault.kind(), begin, Instant.now(), e.getMessage()), start);
      return;
    }
    begin = Instant.now();
    try {
      Thread.sleep(fault.lasts().toMillis());
    } finally {
      undo(cure);
    }
    report(new Injected(fault.kind(), begin, end(fault, begin), ""), start);
  }

  private static Instant end(Schedule.Planned fault, Instant begin) {
    return fault.lasts().isZero() ? begin : Instant.now();
  }

  /**
   * Also on a thread that was interrupted, since nothing stays as it was made; but then the stack
   * is being stopped, and one try is all that makes sense.
   */
  private static void undo(Faults.Cure cure) throws InterruptedException {
    boolean interrupted = Thread.interrupted();
    try {
      insist(
          interrupted ? Duration.ZERO : CURE_PATIENCE,
          () -> {
            cure.apply();
            return cure;
          });
    } catch (IOException e) {
      throw new CommandException(e.getMessage(), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private interface Attempt {
    Faults.Cure run() throws IOException, InterruptedException;
  }

  private static Faults.Cure insist(Duration patience, Attempt attempt)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        return attempt.run();
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(RETRY.toMillis());
      }
    }
  }

  private synchronized void report(Injected fault, long start) {
    out.printf(
        Locale.ROOT,
        "%4d s  %s %s%n",
        (System.nanoTime() - start) / 1_000_000_000,
        fault.kind(),
        fault.happened()
            ? String.format(
                Locale.ROOT,
                "for %.1f s",
                Duration.between(fault.begin(), fault.end()).toMillis() / 1e3)
            : "was not possible: " + fault.failure());
    out.flush();
    done.accept(fault);
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      Thread.sleep(Duration.ofNanos(left).toMillis());
    }
  }
}
