package io.eventpipeline.launcher.stack;

import io.eventpipeline.launcher.cli.CommandException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One launcher per port offset and per data directory. The kernel holds the locks and gives them
 * back when the launcher ends, whatever ended it: there is no stale lock.
 */
final class StackLock implements AutoCloseable {
  private final FileChannel ports;
  private final FileChannel data;

  private StackLock(FileChannel ports, FileChannel data) {
    this.ports = ports;
    this.data = data;
  }

  /**
   * Takes both locks.
   *
   * @throws CommandException when a stack with this port offset or on this data runs
   */
  static StackLock acquire(StackHome home, int portOffset) {
    FileChannel ports =
        lock(
            home.portLock(portOffset),
            "a stack with --port-offset "
                + portOffset
                + " runs already; see 'deploy/local status'"
                + (portOffset == 0 ? "" : " --port-offset " + portOffset));
    try {
      return new StackLock(
          ports, lock(home.dataLock(), "a stack runs already on the data in " + home.data()));
    } catch (CommandException e) {
      release(ports);
      throw e;
    }
  }

  private static FileChannel lock(Path file, String refusal) {
    FileChannel channel = null;
    try {
      Files.createDirectories(file.getParent());
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException sameJvm) {
      release(channel);
      throw new CommandException(refusal, sameJvm);
    } catch (IOException e) {
      throw new CommandException("cannot write " + file + ": " + e.getMessage(), e);
    }
    release(channel);
    throw new CommandException(refusal);
  }

  @Override
  public void close() {
    release(data);
    release(ports);
  }

  private static void release(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new CommandException("cannot release a lock: " + e.getMessage(), e);
    }
  }
}
