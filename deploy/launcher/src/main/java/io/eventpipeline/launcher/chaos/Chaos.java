package io.eventpipeline.launcher.chaos;

import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.launcher.load.Load;
import io.eventpipeline.launcher.load.LoadOptions;
import io.eventpipeline.launcher.load.Target;
import io.eventpipeline.launcher.load.Verdict;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Steady load, faults from a seed, and then the judgement by id: heals, waits until the stream has
 * recovered from the last fault, drains, and holds tables and topics against what was sent.
 */
public final class Chaos {
  /** After the last fault the load goes on until the stream has passed it, or for so long. */
  private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(2);

  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration LIVE_EVERY = Duration.ofSeconds(10);

  private final ChaosOptions options;
  private final Rig rig;
  private final PrintStream out;
  private final boolean terminal;
  private final List<Injected> faults = Collections.synchronizedList(new ArrayList<>());
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

  /** A run against the stack of {@code rig}, which must be ready when it begins. */
  public Chaos(ChaosOptions options, Rig rig, PrintStream out, boolean terminal) {
    this.options = options;
    this.rig = rig;
    this.out = out;
    this.terminal = terminal;
  }

  /**
   * Runs it; blocks until the table is printed.
   *
   * @param target reads the servers directly and sends through the rig
   * @return whether nothing was lost, doubled, altered or invented, and everything recovered
   */
  public boolean run(Target target) throws InterruptedException {
    List<FaultKind> possible = new ArrayList<>(options.kinds());
    rig.impossible().forEach((kind, why) -> out.println("skipped: " + kind + " (" + why + ")"));
    possible.removeAll(rig.impossible().keySet());
    if (possible.isEmpty()) {
      throw new CommandException("none of these faults can be injected here");
    }
    Schedule schedule = Schedule.of(options.seed(), options.length(), possible, options.brokers());
    out.printf(
        Locale.ROOT,
        "chaos seed %d: %d faults in %d s, %,d events/s%n",
        options.seed(),
        schedule.faults().size(),
        options.length().toSeconds(),
        options.rate());
    var manner = new Load.Manner("chaos", LIVE_EVERY, terminal, true);
    try (Load load = Load.prepare(target, loadOptions(), out, manner)) {
      Recovery recovery = new Recovery(load.freshness());
      Verdict verdict = run(load, schedule, recovery);
      return new ChaosReport(out).print(options, faults, recovery, verdict);
    }
  }

  /** The load ends when the faults do; the bound is what it can send until then. */
  private LoadOptions loadOptions() {
    long seconds = options.length().plus(RECOVERY_LIMIT).plusMinutes(1).toSeconds();
    long events = Math.min(LoadOptions.EVENTS_MAX, seconds * options.rate());
    return new LoadOptions((int) events, options.rate(), options.seed());
  }

  /** The caller's thread shows and waits, one thread injects, one measures. */
  private Verdict run(Load load, Schedule schedule, Recovery recovery) throws InterruptedException {
    Thread watch = start("chaos-watch", recovery::watch);
    try {
      sendThroughFaults(load, schedule, recovery);
      load.drain();
    } finally {
      watch.interrupt();
      watch.join();
    }
    return load.judge();
  }

  private void sendThroughFaults(Load load, Schedule schedule, Recovery recovery)
      throws InterruptedException {
    load.start();
    Thread inject =
        start(
            "chaos-inject",
            () -> {
              try {
                injector(recovery).run(schedule);
                awaitRecovery(recovery);
              } finally {
                recovery.loadEnds();
                load.finish();
              }
            });
    try {
      load.awaitSent();
    } finally {
      inject.interrupt();
      inject.join();
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  private Injector injector(Recovery recovery) {
    return new Injector(
        rig,
        out,
        fault -> {
          faults.add(fault);
          if (fault.happened()) {
            recovery.await(fault);
          }
        });
  }

  private static void awaitRecovery(Recovery recovery) throws InterruptedException {
    long deadline = System.nanoTime() + RECOVERY_LIMIT.toNanos();
    while (!recovery.pending().isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(LOOK.toMillis());
    }
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private Thread start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                failure.compareAndSet(null, e);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
