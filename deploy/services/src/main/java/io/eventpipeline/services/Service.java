package io.eventpipeline.services;

import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * One server or program that runs outside this JVM and can be stopped, killed, paused and started
 * again on the same data and the same port. Safe for use by several threads; calls that change the
 * state are serialised.
 */
public interface Service extends AutoCloseable {
  /** What {@code ps}, logs and status call it, such as {@code kafka}; unique within a kit. */
  String name();

  /**
   * Starts it and returns once it answers its own protocol; does nothing when it runs already.
   *
   * @throws ServiceException when its port is taken, it ends, or it is not ready in time; the
   *     message ends with the tail of the log
   */
  void start();

  /**
   * Whether it answers its own protocol right now; false within about 2 s when it hangs. A Flink
   * TaskManager is asked through the JobManager, which notices after 15 s.
   */
  boolean healthy();

  /** Process id while it runs; empty when it does not. In a container: of the container's init. */
  OptionalLong pid();

  /**
   * The port that clients connect to, on the loopback interface; the same after a restart; 0 when
   * it has none.
   */
  int port();

  /**
   * Output of the current run; those of the runs before are beside it with the suffixes {@code .1}
   * (the newest) to {@code .20}.
   */
  Path log();

  /** SIGTERM, and SIGKILL to whatever still runs after 10 s. Does nothing when it is down. */
  void stop();

  /** SIGKILL to it and to every process it started; returns when they are gone. */
  void kill();

  /** SIGSTOP: sockets stay open, nothing answers from when this returns. */
  void pause();

  /** SIGCONT, after {@link #pause}. */
  void resume();

  /** {@link #stop} if it runs, then {@link #start}: same data, same port. */
  void restart();

  /** {@link #stop}, and gives its ports back: it cannot be started again. */
  @Override
  void close();
}
