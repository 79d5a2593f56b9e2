package io.eventpipeline.services;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.utility.LogUtils;

/**
 * A {@link Service} in a container that is stopped and started again, never made anew, so its data
 * and its published port stay. Testcontainers removes it when this JVM ends.
 */
class ContainerService implements Service {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final int STOP_SECONDS = 10;

  private final String name;
  private final Path log;
  private final List<Ports.Reservation> reservations;
  private final GenericContainer<?> container;
  private final BooleanSupplier probe;
  private boolean paused;

  /**
   * @param reservations the published ports, that of clients first
   * @param container its port bindings are set here
   * @param inside the port in the container for each of {@code reservations}
   * @param probe whether the server answers its own protocol
   */
  ContainerService(
      String name,
      Path log,
      List<Ports.Reservation> reservations,
      GenericContainer<?> container,
      List<Integer> inside,
      BooleanSupplier probe) {
    this.name = name;
    this.log = log;
    this.reservations = List.copyOf(reservations);
    this.container = container;
    this.probe = probe;
    container.setPortBindings(
        java.util.stream.IntStream.range(0, inside.size())
            .mapToObj(i -> "127.0.0.1:" + port(i) + ":" + inside.get(i))
            .toList());
  }

  final int port(int index) {
    return reservations.get(index).port();
  }

  private DockerClient docker() {
    return container.getDockerClient();
  }

  private String id() {
    return container.getContainerId();
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final synchronized void start() {
    if (pid().isPresent()) {
      return;
    }
    if (id() == null) {
      container.start();
    } else {
      docker().startContainerCmd(id()).exec();
    }
    truncateLog();
    LogUtils.followOutput(docker(), id(), this::append);
    boolean ready = Wait.until(START_TIMEOUT, () -> pid().isEmpty() || probe.getAsBoolean());
    if (!ready || pid().isEmpty()) {
      throw new ServiceException(
          name + " did not get ready; the end of " + log + ":\n" + LogTail.of(log));
    }
  }

  @Override
  public final boolean healthy() {
    return pid().isPresent() && probe.getAsBoolean();
  }

  @Override
  public final synchronized OptionalLong pid() {
    if (id() == null) {
      return OptionalLong.empty();
    }
    ContainerState state = docker().inspectContainerCmd(id()).exec().getState();
    Long pid = state.getPidLong();
    return Boolean.TRUE.equals(state.getRunning()) && pid != null
        ? OptionalLong.of(pid)
        : OptionalLong.empty();
  }

  @Override
  public final int port() {
    return port(0);
  }

  @Override
  public final Path log() {
    return log;
  }

  @Override
  public final synchronized void stop() {
    resumeIfPaused();
    if (pid().isPresent()) {
      docker().stopContainerCmd(id()).withTimeout(STOP_SECONDS).exec();
    }
  }

  @Override
  public final synchronized void kill() {
    resumeIfPaused();
    if (pid().isPresent()) {
      docker().killContainerCmd(id()).exec();
    }
  }

  @Override
  public final synchronized void pause() {
    docker().pauseContainerCmd(id()).exec();
    paused = true;
  }

  @Override
  public final synchronized void resume() {
    resumeIfPaused();
  }

  private void resumeIfPaused() {
    if (paused) {
      docker().unpauseContainerCmd(id()).exec();
      paused = false;
    }
  }

  @Override
  public final synchronized void restart() {
    stop();
    start();
  }

  @Override
  public final synchronized void close() {
    container.stop();
    reservations.forEach(Ports.Reservation::close);
  }

  private void truncateLog() {
    ServerFiles.write(log, "");
  }

  private void append(OutputFrame frame) {
    byte[] bytes = frame.getBytes();
    if (bytes != null) {
      try {
        Files.write(log, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
