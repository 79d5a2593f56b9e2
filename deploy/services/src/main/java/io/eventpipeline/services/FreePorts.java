package io.eventpipeline.services;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that nobody listens on, each guarded by a lock file that the kernel frees with the JVM. */
final class FreePorts implements Ports {
  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000; // Linux hands out 32,768 and above by itself

  /** A second lock on a file from one JVM fails, and closing its channel would free the first. */
  private static final Set<Integer> HELD = new HashSet<>();

  @Override
  public Reservation reserve(int usual) {
    int start = ThreadLocalRandom.current().nextInt(COUNT);
    for (int i = 0; i < COUNT; i++) {
      Optional<Reservation> reservation = tryReserve(FIRST + (start + i) % COUNT);
      if (reservation.isPresent()) {
        return reservation.get();
      }
    }
    throw new ServiceException("no free port in " + FIRST + ".." + (FIRST + COUNT - 1));
  }

  @Override
  public String advice() {
    return "a program outside the kit took it; close this kit and start a new one";
  }

  /** Empty when somebody listens on it or holds it. */
  static Optional<Reservation> tryReserve(int port) {
    synchronized (HELD) {
      if (HELD.contains(port)) {
        return Optional.empty();
      }
      try {
        FileChannel channel =
            FileChannel.open(lockFile(port), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null || !Ports.isFree(port)) {
          channel.close();
          return Optional.empty();
        }
        HELD.add(port);
        return Optional.of(new Held(port, channel));
      } catch (IOException e) {
        throw new ServiceException("cannot reserve a port: " + e.getMessage(), e);
      }
    }
  }

  private static Path lockFile(int port) throws IOException {
    Path directory =
        Path.of(System.getProperty("java.io.tmpdir"))
            .resolve("event-pipeline-ports-" + System.getProperty("user.name"));
    return Files.createDirectories(directory).resolve(Integer.toString(port));
  }

  private record Held(int port, FileChannel channel) implements Reservation {
    @Override
    public void close() {
      synchronized (HELD) {
        try {
          channel.close();
        } catch (IOException e) {
          throw new ServiceException("cannot release port " + port, e);
        }
        HELD.remove(port);
      }
    }
  }
}
