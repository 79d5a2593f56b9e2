package io.eventpipeline.launcher.stack;

import io.eventpipeline.services.Service;
import io.eventpipeline.services.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One component of the stack and what is known about it. Its watcher restarts it when it died;
 * state may be read by any thread.
 */
final class Component {
  /** Examinations without an answer after which a component that runs counts as not ready. */
  private static final int MISSES_MAX = 3;

  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

  private final Service service;
  private final Integer port;
  private final Console console;
  private final InstantSource clock;
  private final Backoff backoff = new Backoff();
  private final AtomicBoolean replaced = new AtomicBoolean();
  private final AtomicInteger restarts = new AtomicInteger();
  private volatile ComponentState state = ComponentState.DOWN;
  private int misses; // by the examining thread only

  /**
   * @param port what clients connect to; {@code null} where there is none
   */
  Component(Service service, Integer port, Console console, InstantSource clock) {
    this.service = service;
    this.port = port;
    this.console = console;
    this.clock = clock;
  }

  String name() {
    return service.name();
  }

  Service service() {
    return service;
  }

  ComponentState state() {
    return state;
  }

  /** First start; returns when it is ready. */
  void start() {
    long begin = System.nanoTime();
    state = ComponentState.STARTING;
    try {
      service.start();
    } catch (RuntimeException e) {
      state = ComponentState.DOWN;
      throw e;
    }
    backoff.started(clock.instant());
    state = ComponentState.READY;
    console.step(name(), Duration.ofNanos(System.nanoTime() - begin));
  }

  /** Whether it was started and its process has ended since. */
  boolean died() {
    return (state == ComponentState.READY || state == ComponentState.UNHEALTHY)
        && service.pid().isEmpty();
  }

  /** To be called after {@link #died}: says so, and how long to wait before {@link #revive}. */
  Duration mourn() {
    state = ComponentState.RESTARTING;
    Instant now = clock.instant();
    Duration wait = replaced.getAndSet(false) ? backoff.replaced(now) : backoff.died(now);
    console.line(
        "%s ended; starting it again in %.2f s, its log: %s"
            .formatted(name(), wait.toMillis() / 1e3, service.log()));
    return wait;
  }

  /** One attempt to start it again on the same data; returns whether it is ready. */
  boolean revive() {
    restarts.incrementAndGet();
    long begin = System.nanoTime();
    try {
      service.start();
    } catch (ServiceException e) {
      if (state == ComponentState.RESTARTING) { // else it was cut short by the stop
        console.line(name() + " did not start: " + firstLine(e));
      }
      return false;
    }
    backoff.started(clock.instant());
    state = ComponentState.READY;
    console.line("%s is back after %.1f s".formatted(name(), (System.nanoTime() - begin) / 1e9));
    return true;
  }

  /**
   * Asks it whether it answers and remembers that; only where it should. One missed answer is no
   * news on a busy machine.
   */
  void examine() {
    ComponentState before = state;
    if (before != ComponentState.READY && before != ComponentState.UNHEALTHY) {
      return;
    }
    misses = service.healthy() ? 0 : misses + 1;
    ComponentState now = misses < MISSES_MAX ? ComponentState.READY : ComponentState.UNHEALTHY;
    boolean changed = now != before && (now == ComponentState.UNHEALTHY || misses == 0);
    if (changed && service.pid().isPresent() && state == before) {
      state = now;
      console.line(
          name() + (now == ComponentState.READY ? " is ready again" : " runs but is not ready"));
    }
  }

  /** From now on it is not restarted, and its end is no surprise. */
  void retire() {
    state = ComponentState.STOPPING;
  }

  /** SIGTERM, and SIGKILL if it does not end in time; {@link #retire} first. */
  void stop() {
    service.stop();
    state = ComponentState.DOWN;
  }

  /**
   * SIGKILL, past a {@link #start}, {@link #revive} or {@link #stop} that is still waiting; returns
   * when it is gone. {@link #retire} first, unless it shall be restarted.
   *
   * <p>{@link Service#kill} would wait for the other: a TaskManager whose JobManager died is not
   * ready before the JobManager is back, and the JobManager is not started before the TaskManager
   * is gone.
   *
   * @return whether it ran
   */
  boolean kill() {
    Optional<ProcessHandle> process = forceEnd();
    process.ifPresent(
        ended -> ended.onExit().orTimeout(KILL_LIMIT.toSeconds(), TimeUnit.SECONDS).join());
    return process.isPresent();
  }

  /** As {@link #kill}, on purpose: the next start is not delayed as after a death of its own. */
  void replace() {
    replaced.set(true);
    if (!kill()) {
      replaced.set(false);
    }
  }

  /** As {@link #kill}, but returns at once. */
  Optional<ProcessHandle> forceEnd() {
    OptionalLong pid = service.pid();
    Optional<ProcessHandle> process =
        pid.isPresent() ? ProcessHandle.of(pid.getAsLong()) : Optional.empty();
    if (process.isPresent()) {
      List<ProcessHandle> children = process.get().descendants().toList();
      process.get().destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
    }
    return process;
  }

  StackState.Component describe() {
    OptionalLong pid = service.pid();
    ProcessId process = pid.isPresent() ? ProcessId.of(pid.getAsLong()).orElse(null) : null;
    return new StackState.Component(name(), process, port, state, restarts.get());
  }

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
