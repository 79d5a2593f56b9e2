package io.eventpipeline.launcher.stack;

import io.eventpipeline.launcher.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Makes, marks and empties the data directory. */
final class DataDirectory {
  /** Says that a directory is ours, so that {@code --fresh} never empties another one. */
  private static final String MARK = "event-pipeline-data";

  private DataDirectory() {}

  /**
   * Returns with an existing directory that is marked as ours.
   *
   * @param fresh empties it; a directory with other things in it is refused
   */
  static void prepare(StackHome home, boolean fresh) {
    Path data = home.data();
    try {
      Files.createDirectories(data);
      if (!isEmpty(data) && !Files.exists(data.resolve(MARK))) {
        throw new CommandException(
            data + " holds other things: choose an empty or new directory with --data");
      }
      if (fresh) {
        empty(data);
      }
      Files.writeString(
          data.resolve(MARK), "Data and logs of deploy/local. 'up --fresh' empties this folder.\n");
    } catch (IOException e) {
      throw new CommandException("cannot use the data directory " + data + ": " + e, e);
    }
  }

  /** Everything below {@code directory}; links are removed, not followed. */
  static void empty(Path directory) throws IOException {
    List<Path> children;
    try (Stream<Path> tree = Files.walk(directory)) {
      // The mark goes last: cut short, the directory is still known to be ours.
      children =
          tree.filter(path -> !path.equals(directory))
              .sorted(
                  Comparator.comparing((Path path) -> path.equals(directory.resolve(MARK)))
                      .thenComparing(Comparator.reverseOrder()))
              .toList();
    }
    for (Path child : children) {
      Files.deleteIfExists(child);
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.findAny().isEmpty();
    }
  }
}
