package io.eventpipeline.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many connections there may be, and how long they may take. */
class ConnectionsIT {
  private static final String EVENT = "{\"id\":\"e\",\"type\":\"cart.viewed\",\"data\":{}}";
  private static final String HEAD =
      """
      POST /v1/events HTTP/1.1\r
      Host: x\r
      Content-Type: application/json\r
      X-Write-Key: dev-write-key\r
      """;
  private static final String REQUEST =
      HEAD + "Content-Length: " + EVENT.length() + "\r\n\r\n" + EVENT;
  private static final int MAX = 3;
  private static final Duration SOON = Duration.ofSeconds(8);

  private final Deque<Socket> sockets = new ArrayDeque<>();
  private Edge edge;

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    edge.close();
  }

  @Test
  void refusesConnectionsAboveTheLimitAndGivesPlacesBack() throws IOException {
    start("EDGE_HTTP_CONNECTIONS_MAX", String.valueOf(MAX));
    for (int i = 0; i < MAX; i++) {
      connect(); // says nothing: counts all the same
    }
    await().until(() -> stats("connections") == MAX);

    assertThat(EdgeClient.exchange(edge.port(), REQUEST))
        .startsWith("HTTP/1.1 503")
        .containsIgnoringCase("retry-after: 1")
        .contains("\"code\":\"unavailable\"")
        .contains("too many connections");
    assertThat(EdgeClient.exchange(edge.port(), "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
    assertThat(stats("connections")).isEqualTo(MAX);
    assertThat(stats("connections_refused")).isEqualTo(2);

    sockets.pop().close();
    await().until(() -> stats("connections") == MAX - 1);
    assertThat(answerTo(connect(), REQUEST)).startsWith("HTTP/1.1 202");
  }

  @Test
  void closesARefusedConnectionThatSaysNothing() throws IOException {
    start("EDGE_HTTP_CONNECTIONS_MAX", "1");
    connect();
    await().until(() -> stats("connections") == 1);

    CompletableFuture<Integer> end = end(connect());

    assertThat(end).succeedsWithin(SOON).isEqualTo(-1);
    assertThat(stats("connections_refused")).isOne();
  }

  @Test
  void countsAStreamAsLongAsItIsOpen() throws IOException {
    start("EDGE_HTTP_CONNECTIONS_MAX", String.valueOf(MAX));
    for (int i = 0; i < 3 * MAX; i++) {
      try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
        socket.send(EVENT);
        assertThat(socket.receiveJson().getInteger("accepted")).isOne();
        assertThat(stats("connections")).isOne();
      }
      await().until(() -> stats("connections") == 0);
    }
    for (int i = 0; i < MAX; i++) {
      sockets.push(streaming());
    }

    try (RawWebSocket refused = RawWebSocket.open(edge.port())) {
      assertThat(refused.handshake()).startsWith("HTTP/1.1 503");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"})
  void closesAConnectionWhoseHeadDoesNotCome(String before) throws IOException {
    start("EDGE_HTTP_HEAD_TIMEOUT", "PT1S", "EDGE_HTTP_IDLE_TIMEOUT", "PT2S");
    Socket socket = connect();
    if (!before.isEmpty()) {
      assertThat(answerTo(socket, before)).startsWith("HTTP/1.1 200");
    }

    drip(socket, HEAD + "X-Slow: ");

    assertThat(stats("connections_late")).isEqualTo(before.isEmpty() ? 1 : 0);
    await().until(() -> stats("connections") == 0);
  }

  @Test
  void closesAConnectionWhoseBodyDoesNotStart() throws IOException {
    start("EDGE_HTTP_BODY_TIMEOUT", "PT1S");
    Socket socket = connect();
    socket.getOutputStream().write((HEAD + "Content-Length: 80\r\n\r\n").getBytes(UTF_8));

    assertThat(end(socket)).succeedsWithin(SOON).isEqualTo(-1);
    assertThat(stats("connections_late")).isOne();
    await().until(() -> edge.bodies().taken() == 0);
  }

  @Test
  void leavesAloneWhoIsNotSlow() throws IOException {
    HeldPublisher publisher = new HeldPublisher();
    start(publisher, "EDGE_HTTP_HEAD_TIMEOUT", "PT1S", "EDGE_HTTP_BODY_TIMEOUT", "PT1S");
    try (RawWebSocket stream = RawWebSocket.open(edge.port())) {
      Socket idle = connect();
      assertThat(answerTo(idle, REQUEST)).startsWith("HTTP/1.1 202");
      publisher.hold();
      Socket waiting = connect();
      waiting.getOutputStream().write(REQUEST.getBytes(UTF_8));
      await().until(() -> publisher.waiting() == 1);

      await().during(Duration.ofSeconds(3)).until(() -> stats("connections") == 3);

      publisher.reset();
      assertThat(answerTo(waiting, "")).startsWith("HTTP/1.1 202");
      assertThat(answerTo(idle, REQUEST)).startsWith("HTTP/1.1 202");
      stream.send(EVENT);
      assertThat(stream.receiveJson().getInteger("accepted")).isOne();
      assertThat(stats("connections_late")).isZero();
    }
  }

  private void start(String... variables) {
    start(new HeldPublisher(), variables);
  }

  private void start(HeldPublisher publisher, String... variables) {
    edge = Edge.start(TestConfig.with(variables), publisher, new TestKeys());
  }

  private long stats(String name) {
    return edge.statsHandler().json().getLong(name);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge.port());
    socket.setSoTimeout((int) SOON.toMillis());
    sockets.push(socket);
    return socket;
  }

  /** A socket that became a stream and says no more. */
  private Socket streaming() throws IOException {
    Socket socket = connect();
    String upgrade =
        """
        GET /v1/events/stream HTTP/1.1\r
        Host: x\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        X-Write-Key: dev-write-key\r
        \r
        """;
    assertThat(answerTo(socket, upgrade)).startsWith("HTTP/1.1 101");
    return socket;
  }

  /** What comes at once when this is sent: enough to see the status. */
  private static String answerTo(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    byte[] answer = new byte[4_096];
    int length = socket.getInputStream().read(answer);
    return new String(answer, 0, Math.max(0, length), UTF_8);
  }

  /** Sends the bytes and then one more every 100 ms, until the other side closes; not for long. */
  private static void drip(Socket socket, String start) throws IOException {
    CompletableFuture<Integer> end = end(socket);
    OutputStream out = socket.getOutputStream();
    out.write(start.getBytes(UTF_8));
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              try {
                out.write('x');
                return end.isDone();
              } catch (SocketException closed) {
                return true;
              }
            });
    assertThat(end).succeedsWithin(SOON).isEqualTo(-1);
  }

  private static CompletableFuture<Integer> end(Socket socket) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return socket.getInputStream().read();
          } catch (SocketException reset) {
            return -1; // closed before all that was sent had been read
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
