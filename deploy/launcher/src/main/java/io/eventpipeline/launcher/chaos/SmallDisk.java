package io.eventpipeline.launcher.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A directory with a disk of its own in memory, which can be full at once: it is shrunk to what it
 * holds, so that nothing has to be written to fill it.
 */
final class SmallDisk implements AutoCloseable {
  private static final int COMMAND_SECONDS = 10;

  private final Path directory;
  private final long bytes;

  private SmallDisk(Path directory, long bytes) {
    this.directory = directory;
    this.bytes = bytes;
  }

  /**
   * Mounts it.
   *
   * @param directory made if missing; empty
   * @param bytes it holds while it is not full; taken from memory only as far as it is used
   * @throws IOException when this user may not mount
   */
  static SmallDisk mount(Path directory, long bytes) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "event-pipeline", directory.toString());
    return new SmallDisk(directory, bytes);
  }

  /** No byte more can be written from now on. */
  void fill() throws IOException, InterruptedException {
    FileStore store = Files.getFileStore(directory);
    resize(store.getTotalSpace() - store.getUnallocatedSpace());
  }

  /** There is room again. */
  void free() throws IOException, InterruptedException {
    resize(bytes);
  }

  private void resize(long size) throws IOException, InterruptedException {
    // 0 would mean: no limit
    run("mount", "-o", "remount,size=" + Math.max(size, 4_096), directory.toString());
  }

  /** Unmounts it; what is in it is gone. */
  @Override
  public void close() {
    try {
      run("umount", "-l", directory.toString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readNBytes(1_000), UTF_8).strip();
    if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(
          String.format(Locale.ROOT, "%s: %s", String.join(" ", List.of(command)), output));
    }
  }
}
