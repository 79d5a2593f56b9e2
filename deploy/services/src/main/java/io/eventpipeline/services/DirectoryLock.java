package io.eventpipeline.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a kit's directory from every other kit of this machine; the kernel frees it with the JVM.
 */
final class DirectoryLock implements AutoCloseable {
  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Makes the directory if it is missing. */
  static DirectoryLock of(Path directory) {
    ServerFiles.directories(directory);
    try {
      FileChannel channel =
          FileChannel.open(
              directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (held(channel)) {
        return new DirectoryLock(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw new ServiceException("cannot lock " + directory + ": " + e.getMessage(), e);
    }
    throw new ServiceException(directory + " is in use by another running kit");
  }

  private static boolean held(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException otherKitOfThisProcess) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
