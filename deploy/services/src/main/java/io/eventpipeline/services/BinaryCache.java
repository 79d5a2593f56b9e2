package io.eventpipeline.services;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Server binaries, unpacked once from their Maven artifacts into the user's cache directory. Safe
 * against other threads and JVMs that unpack at the same time: a directory appears complete or not
 * at all.
 */
final class BinaryCache {
  private static final String REDIS = "redis-server-6.2.6-v5-linux-amd64";
  private static final String POSTGRES = "postgres-linux-x86_64.txz";

  /** Only root writes here, everybody reads. */
  private static final Path SHARED = Path.of("/var/cache/event-pipeline/servers");

  private BinaryCache() {}

  /** Writes the files of one server into an empty directory. */
  private interface Unpacker {
    void into(Path directory) throws IOException;
  }

  /** The directory that holds {@code redis-server}. */
  static Path redis() {
    Class<?> artifact = redis.embedded.RedisServer.class;
    return unpacked(
        home(),
        "redis-" + version(artifact.getResource("/" + REDIS)),
        directory -> {
          try (InputStream in = artifact.getResourceAsStream("/" + REDIS)) {
            Path binary = directory.resolve("redis-server");
            Files.copy(in, binary);
            Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
          }
        });
  }

  /**
   * The directory that holds {@code bin/postgres} and {@code bin/initdb}.
   *
   * @param runner who runs them; nobody cannot look into root's home
   */
  static Path postgres(NotRoot runner) {
    var archive = BinaryCache.class.getResource("/" + POSTGRES);
    if (archive == null) {
      throw new ServiceException(POSTGRES + " is not on the class path");
    }
    return unpacked(
        runner == NotRoot.NOBODY ? SHARED : home(),
        "postgres-" + version(archive),
        directory -> {
          try (var tar =
              new TarArchiveInputStream(new XZCompressorInputStream(archive.openStream()))) {
            untar(tar, directory);
          }
        });
  }

  /** The name of the jar that a resource comes from: it holds the version. */
  private static String version(java.net.URL resource) {
    String url = resource.toString();
    int end = url.indexOf(".jar!");
    return end < 0 ? "unpacked" : url.substring(url.lastIndexOf('/', end) + 1, end);
  }

  private static Path home() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path cache =
        xdg != null && !xdg.isEmpty()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".cache");
    return cache.resolve("event-pipeline").resolve("servers");
  }

  /** One thread a JVM at a time: a file lock is held by the whole JVM. */
  private static synchronized Path unpacked(Path root, String name, Unpacker unpacker) {
    Path target = root.resolve(name);
    if (Files.isDirectory(target)) {
      return target;
    }
    try {
      Files.createDirectories(root);
      try (var channel =
              FileChannel.open(
                  root.resolve(name + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var lock = channel.lock()) {
        if (lock.isValid() && !Files.isDirectory(target)) {
          Path draft = Files.createTempDirectory(root, name + "-");
          Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
          unpacker.into(draft);
          Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        }
      }
      return target;
    } catch (IOException e) {
      throw new ServiceException("cannot unpack " + name + " into " + root + ": " + e, e);
    }
  }

  private static void untar(TarArchiveInputStream tar, Path directory) throws IOException {
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      Path file = directory.resolve(entry.getName()).normalize();
      if (!file.startsWith(directory)) {
        throw new IOException("archive entry outside of its directory: " + entry.getName());
      }
      if (entry.isDirectory()) {
        Files.createDirectories(file);
        continue;
      }
      Files.createDirectories(file.getParent());
      if (entry.isSymbolicLink()) {
        Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
      } else {
        Files.copy(tar, file);
        boolean executable = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(
            file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
      }
    }
  }
}
