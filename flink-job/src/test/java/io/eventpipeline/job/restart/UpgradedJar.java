package io.eventpipeline.job.restart;

import io.eventpipeline.job.UpgradedMain;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The job's jar with {@link UpgradedMain} in it. */
final class UpgradedJar {
  private static final Path CLASSES = Path.of("target", "test-classes");

  private UpgradedJar() {}

  static FlinkRest.Program build(Path folder) throws IOException {
    Path jar = folder.resolve("upgraded-job.jar");
    Files.copy(SubmittedJob.PROGRAM.jar(), jar);
    String main = UpgradedMain.class.getName();
    Path folderInside = Path.of(main.replace('.', '/')).getParent();
    List<Path> classes;
    try (Stream<Path> files = Files.list(CLASSES.resolve(folderInside))) {
      classes =
          files.filter(file -> file.getFileName().toString().startsWith("UpgradedMain")).toList();
    }
    try (FileSystem inside = FileSystems.newFileSystem(jar)) {
      for (Path file : classes) {
        Files.copy(file, inside.getPath(folderInside.resolve(file.getFileName()).toString()));
      }
    }
    return new FlinkRest.Program(jar, main);
  }
}
