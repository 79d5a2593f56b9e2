package io.eventpipeline.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the build put the servers' own files, and how ours reach their directories. */
final class ServerFiles {
  private ServerFiles() {}

  /**
   * {@code deploy/services}: the system property {@code services.home}, else the nearest one in or
   * above the working directory or the place of this class.
   */
  static Path home() {
    String property = System.getProperty("services.home");
    if (property != null) {
      return Path.of(property);
    }
    Path here = above(Path.of("").toAbsolutePath());
    if (here == null) {
      here = above(codeSource(ServerFiles.class));
    }
    if (here == null) {
      throw new ServiceException("deploy/services not found: set -Dservices.home");
    }
    return here;
  }

  private static Path above(Path from) {
    for (Path at = from; at != null; at = at.getParent()) {
      Path home = at.resolve("deploy").resolve("services");
      if (Files.exists(home.resolve("kafka").resolve("pom.xml"))) {
        return home;
      }
    }
    return null;
  }

  /** The jar or directory that a class was loaded from. */
  static Path codeSource(Class<?> type) {
    return Path.of(
        java.net.URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  /** A class path that the build collected, as the JVM's wildcard. */
  static String library(String server) {
    Path lib = home().resolve(server).resolve("target").resolve("lib");
    try (Stream<Path> jars = Files.list(lib)) {
      if (jars.noneMatch(jar -> jar.toString().endsWith(".jar"))) {
        throw new ServiceException("no jars in " + lib);
      }
    } catch (IOException e) {
      throw new ServiceException(
          lib + " is missing: run mvn -pl deploy/services -am generate-resources", e);
    }
    return lib + "/*";
  }

  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** Creates the parents too. */
  static void write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text that ships beside the classes. */
  static String resource(String name) {
    try (var in = ServerFiles.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The whole tree, if there is one. */
  static void delete(Path directory) {
    try {
      if (Files.exists(directory)) {
        Directories.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path directories(Path path) {
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
