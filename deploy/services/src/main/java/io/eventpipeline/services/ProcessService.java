package io.eventpipeline.services;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A {@link Service} that is one operating-system process; subclasses say which and how to ask it.
 */
abstract class ProcessService implements Service {
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);

  private final String name;
  private final Ports ports;
  private final List<Ports.Reservation> reservations;
  private final Path log;
  private volatile OsProcess process;
  private boolean closed;

  /**
   * @param reservations the port of clients first, then others that it listens on
   * @param ports where they came from
   */
  ProcessService(String name, Path log, Ports ports, List<Ports.Reservation> reservations) {
    this.name = name;
    this.log = log;
    this.ports = ports;
    this.reservations = List.copyOf(reservations);
  }

  /** Makes data directories and configuration files; runs before every start, so it repeats. */
  abstract void prepare();

  abstract List<String> command();

  /** Whether the server answers; the process is known to run. Bounded to about 2 s. */
  abstract boolean answers();

  Map<String, String> environment() {
    return Map.of();
  }

  Path directory() {
    return log.toAbsolutePath().getParent();
  }

  Duration startTimeout() {
    return Duration.ofMinutes(2);
  }

  int stopSignal() {
    return Signals.TERM;
  }

  final int port(int index) {
    return reservations.get(index).port();
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final int port() {
    return reservations.isEmpty() ? 0 : port(0);
  }

  @Override
  public final Path log() {
    return log;
  }

  @Override
  public final OptionalLong pid() {
    OsProcess current = process;
    return current != null && current.isAlive()
        ? OptionalLong.of(current.pid())
        : OptionalLong.empty();
  }

  @Override
  public final boolean healthy() {
    return pid().isPresent() && answers();
  }

  @Override
  public final synchronized void start() {
    if (closed) {
      throw new ServiceException(name + " is closed");
    }
    if (pid().isPresent()) {
      return;
    }
    for (Ports.Reservation reservation : reservations) {
      if (!Ports.isFree(reservation.port())) {
        throw new ServiceException(
            "port " + reservation.port() + " of " + name + " is taken: " + ports.advice());
      }
    }
    prepare();
    OsProcess started = OsProcess.start(command(), environment(), directory(), log);
    process = started;
    boolean ready = Wait.until(startTimeout(), () -> !started.isAlive() || answers());
    if (!started.isAlive()) {
      Reaper.instance().forget(started.pid());
      throw failure("ended with exit code " + started.exitCode());
    }
    if (!ready) {
      started.kill();
      throw failure("was not ready within " + startTimeout().toSeconds() + " s");
    }
  }

  private ServiceException failure(String what) {
    return new ServiceException(
        name + " " + what + "; the end of " + log + ":\n" + LogTail.of(log));
  }

  @Override
  public final void stop() {
    stop(STOP_GRACE);
  }

  final synchronized void stop(Duration grace) {
    if (process != null) {
      process.stop(stopSignal(), grace);
      process = null;
    }
  }

  @Override
  public final synchronized void kill() {
    if (process != null) {
      process.kill();
      process = null;
    }
  }

  @Override
  public final synchronized void pause() {
    running().pause();
  }

  @Override
  public final synchronized void resume() {
    running().signalAll(Signals.CONT);
  }

  private OsProcess running() {
    if (pid().isEmpty()) {
      throw new ServiceException(name + " is not running");
    }
    return process;
  }

  @Override
  public final synchronized void restart() {
    stop();
    start();
  }

  @Override
  public final synchronized void close() {
    close(STOP_GRACE);
  }

  final synchronized void close(Duration grace) {
    stop(grace);
    closed = true;
    reservations.forEach(Ports.Reservation::close);
  }

  @Override
  public String toString() {
    return reservations.isEmpty() ? name : name + " on port " + port();
  }
}
