package io.eventpipeline.launcher.stack;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A completed checkpoint or savepoint on disk: what a job can be restored from.
 *
 * <p>Flink writes {@code _metadata} last and moves it into place, so a directory that has one is
 * complete. Checkpoints are {@code <jobId>/chk-<n>}, savepoints {@code savepoint-<jobId>-<random>};
 * every submission gets a new job id, so the newest may be under any of them.
 *
 * @param directory what Flink calls the savepoint path
 * @param checkpointId rises by one with each snapshot of a job and goes on after a restore
 * @param completedAt when its metadata was written
 */
record Snapshot(Path directory, long checkpointId, Instant completedAt) {
  private static final String METADATA = "_metadata";

  /** First four bytes of the metadata; see org.apache.flink.runtime.checkpoint.Checkpoints. */
  private static final int MAGIC = 0x4960672d;

  /** {@code <root>/<jobId>/chk-<n>/_metadata} is the deepest. */
  private static final int DEPTH_MAX = 3;

  private static final Comparator<Snapshot> AGE =
      Comparator.comparing(Snapshot::completedAt).thenComparingLong(Snapshot::checkpointId);

  /**
   * What was found below some directories.
   *
   * @param newest the last one to complete among those whose metadata can be read
   * @param unreadable directories that have metadata of another form, such as an empty file after a
   *     power cut; never restored from, always reported
   */
  record Search(Optional<Snapshot> newest, List<Path> unreadable) {}

  /**
   * Looks below {@code roots}, those that exist.
   *
   * @throws UncheckedIOException when a directory cannot be listed: to take an older snapshot or
   *     none because of that would lose state
   */
  static Search search(List<Path> roots) {
    List<Snapshot> found = new ArrayList<>();
    List<Path> unreadable = new ArrayList<>();
    for (Path root : roots) {
      for (Path metadata : metadataBelow(root)) {
        read(metadata).ifPresentOrElse(found::add, () -> unreadable.add(metadata.getParent()));
      }
    }
    return new Search(found.stream().max(AGE), List.copyOf(unreadable));
  }

  private static List<Path> metadataBelow(Path root) {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> files = Files.find(root, DEPTH_MAX, (file, a) -> isMetadata(file))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look for checkpoints in " + root, e);
    }
  }

  private static boolean isMetadata(Path file) {
    return file.getFileName().toString().equals(METADATA);
  }

  private static Optional<Snapshot> read(Path metadata) {
    try (var in = new DataInputStream(Files.newInputStream(metadata))) {
      if (in.readInt() != MAGIC) {
        return Optional.empty();
      }
      in.readInt(); // version of the format: Flink's own business
      return Optional.of(
          new Snapshot(
              metadata.getParent(),
              in.readLong(),
              Files.getLastModifiedTime(metadata).toInstant()));
    } catch (IOException cutShort) {
      return Optional.empty();
    }
  }
}
