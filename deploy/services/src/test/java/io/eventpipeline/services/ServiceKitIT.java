package io.eventpipeline.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceKitIT {
  @TempDir Path directory;

  @Test
  void twoKitsRunAtOnce() {
    try (ServiceKit one = ServiceKit.builder(directory.resolve("one")).redis().postgres().start();
        ServiceKit two = ServiceKit.builder(directory.resolve("two")).redis().postgres().start()) {
      assertThat(one.redis().port()).isNotEqualTo(two.redis().port());
      assertThat(one.services()).allMatch(Service::healthy);
      assertThat(two.services()).allMatch(Service::healthy);
    }
  }

  @Test
  void oneDirectoryServesOneKit() {
    try (ServiceKit first = ServiceKit.builder(directory).redis().start()) {
      assertThatThrownBy(() -> ServiceKit.builder(directory).redis().start())
          .isInstanceOf(ServiceException.class)
          .hasMessageContaining("in use");
      assertThat(first.redis().healthy()).isTrue();
    }
  }

  @Test
  void dataOutlivesTheKitAndPostgresWaitsForTheDisk() throws Exception {
    try (ServiceKit kit = ServiceKit.builder(directory).postgres().start();
        var connection = ServerContract.connect(kit.postgres())) {
      connection.createStatement().execute("CREATE TABLE kept AS SELECT 'value' AS v");
    }
    try (ServiceKit kit = ServiceKit.builder(directory).postgres().start();
        var connection = ServerContract.connect(kit.postgres())) {
      assertThat(ServerContract.ask(connection, "SELECT v FROM kept")).isEqualTo("value");
      assertThat(ServerContract.ask(connection, "SHOW fsync")).isEqualTo("on");
      assertThat(ServerContract.ask(connection, "SHOW synchronous_commit")).isEqualTo("on");
    }
  }

  @Test
  void aTakenPortIsNamedWithTheOption() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int offset = taken.getLocalPort() - 6379;
      assertThatThrownBy(
              () -> ServiceKit.builder(directory).ports(Ports.offset(offset)).redis().start())
          .isInstanceOf(ServiceException.class)
          .hasMessageContaining("port " + taken.getLocalPort() + " of redis")
          .hasMessageContaining("--port-offset");
    }
    // The kit that failed holds nothing
    ServiceKit.builder(directory).redis().start().close();
  }

  @Test
  void postgresRunsAsNobodyWhereNamespacesAreForbidden() throws Exception {
    assumeTrue(NotRoot.here() != NotRoot.AS_IS, "only root can become nobody");
    Path log = directory.resolve("logs").resolve("postgres.log");
    Ports ports = Ports.free();
    try (var postgres =
        new PostgresProcess(
            directory.resolve("postgres"),
            log,
            "secret",
            false,
            NotRoot.NOBODY,
            ports,
            List.of(ports.reserve(0)))) {
      postgres.start();

      assertThat(Files.getAttribute(Path.of("/proc/" + postgres.pid().getAsLong()), "unix:uid"))
          .isEqualTo(65_534);
      try (var connection = ServerContract.connect(postgres)) {
        assertThat(ServerContract.ask(connection, "SELECT 1")).isEqualTo("1");
      }
    }
  }

  @Test
  void aProgramRunsBesideTheServers() throws Exception {
    Service program;
    try (ServiceKit kit = ServiceKit.builder(directory).start();
        Ports.Reservation port = kit.ports().reserve(0)) {
      program = kit.run(echo(port.port(), "200"));

      assertThat(program.healthy()).isTrue();
      assertThat(Files.readString(program.log())).contains("hello from the environment");
      program.kill();
      assertThat(program.healthy()).isFalse();
      program.start();
      assertThat(kit.services()).containsExactly(program);
    }
    assertThat(program.pid()).isEmpty();
  }

  @Test
  void aProgramThatEndsSaysWhyInTheError() {
    try (ServiceKit kit = ServiceKit.builder(directory).start();
        Ports.Reservation port = kit.ports().reserve(0)) {
      assertThatThrownBy(() -> kit.run(echo(port.port(), "not a number")))
          .isInstanceOf(ServiceException.class)
          .hasMessageContaining("echo ended with exit code 1")
          .hasMessageContaining("NumberFormatException");
    }
  }

  @Test
  void aProgramThatNeverGetsReadyIsKilled() {
    try (ServiceKit kit = ServiceKit.builder(directory).start();
        Ports.Reservation port = kit.ports().reserve(0)) {
      assertThatThrownBy(() -> kit.run(echo(port.port(), "503")))
          .isInstanceOf(ServiceException.class)
          .hasMessageContaining("echo was not ready within 5 s");
      assertThat(Ports.isFree(port.port())).isTrue();
    }
  }

  @Test
  void anotherJvmsReservationHolds() throws IOException {
    Process other =
        new ProcessBuilder(
                ServerFiles.java().toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName())
            .start();
    try (BufferedReader output = other.inputReader()) {
      int port = Integer.parseInt(output.readLine());
      assertThat(Ports.isFree(port)).isTrue();
      assertThat(FreePorts.tryReserve(port)).isEmpty();
    } finally {
      other.destroyForcibly();
    }
  }

  private JavaProgram echo(int port, String status) {
    return new JavaProgram(
        "echo",
        List.of(System.getProperty("java.class.path")),
        Echo.class.getName(),
        List.of("-Xmx32m"),
        List.of(Integer.toString(port), status),
        Map.of("GREETING", "hello from the environment"),
        List.of(port),
        URI.create("http://127.0.0.1:" + port + "/"),
        directory,
        Duration.ofSeconds(status.equals("503") ? 5 : 60));
  }

  /** Answers every request with one status. */
  static final class Echo {
    private Echo() {}

    public static void main(String[] args) throws IOException {
      System.out.println(System.getenv("GREETING"));
      int status = Integer.parseInt(args[1]);
      HttpServer server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])),
              8);
      server.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
          });
      server.start();
    }
  }

  /** Reserves a port, prints it, and keeps it until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws InterruptedException {
      System.out.println(Ports.free().reserve(0).port());
      Thread.currentThread().join();
    }
  }
}
