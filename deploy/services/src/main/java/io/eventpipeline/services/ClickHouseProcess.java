package io.eventpipeline.services;

import com.sun.jna.Native;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;

/** {@link ClickHouseHost} on the engine that npm installed. */
final class ClickHouseProcess extends ProcessService implements ClickHouseServer {
  private final Path home;
  private final int memoryMegabytes;
  private final Passwords passwords;

  /**
   * @param reservations the HTTP port, then the native one
   */
  ClickHouseProcess(
      Path home,
      Path log,
      int memoryMegabytes,
      Passwords passwords,
      Ports ports,
      List<Ports.Reservation> reservations) {
    super("clickhouse", log, ports, reservations);
    this.home = home;
    this.memoryMegabytes = memoryMegabytes;
    this.passwords = passwords;
  }

  @Override
  void prepare() {
    ServerFiles.write(
        config(),
        ServerFiles.resource("clickhouse-server.xml")
            .formatted(home, port(), port(1), memoryMegabytes * 1024L * 1024L));
    keepSystemTables();
    Path users = home.resolve("users.xml");
    ServerFiles.write(
        users, ClickHouseUsers.xml(passwords, memoryMegabytes, ClickHouseUsers.LOOPBACK));
    try {
      Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The engine holds its database {@code system} in memory unless it finds it on disk; the query
   * log of the run before would then be in the way of a new one.
   */
  private void keepSystemTables() {
    Path system = home.resolve("data").resolve("metadata").resolve("system.sql");
    if (!Files.exists(system)) {
      ServerFiles.write(
          system, "ATTACH DATABASE _ UUID '" + UUID.randomUUID() + "' ENGINE = Atomic\n");
    }
  }

  @Override
  List<String> command() {
    String classPath =
        ServerFiles.codeSource(ClickHouseHost.class) + ":" + ServerFiles.codeSource(Native.class);
    return new JavaCommand("clickhouse", classPath, ClickHouseHost.class.getName())
        .jvm("-Xmx64m")
        .quick()
        .with(library().toString(), config().toString());
  }

  private static Path library() {
    Path library =
        ServerFiles.home()
            .resolve("clickhouse/node_modules/@chdb")
            .resolve("lib-linux-x64-gnu")
            .resolve("libchdb.so");
    if (!Files.exists(library)) {
      throw new ServiceException(
          library + " is missing: run mvn -pl deploy/services generate-resources (needs npm)");
    }
    return library;
  }

  @Override
  boolean answers() {
    return Probe.http(port(), "/ping");
  }

  @Override
  public String httpUrl() {
    return "http://127.0.0.1:" + port();
  }

  @Override
  public String jdbcUrl() {
    return "jdbc:clickhouse://127.0.0.1:" + port();
  }

  @Override
  public int nativePort() {
    return port(1);
  }

  @Override
  public String password(String user) {
    return passwords.ofClickHouseUser(user);
  }

  private Path config() {
    return home.resolve("server.xml");
  }
}
