package io.eventpipeline.launcher.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets on both sides. */
@Timeout(60)
class FaultProxyTest {
  private static final Duration DELAY = Duration.ofMillis(300);
  private static final int SILENCE_MILLIS = 300;
  private static final int ANSWER_MILLIS = 20_000;

  private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
  private ServerSocket server;
  private FaultProxy proxy;

  @BeforeEach
  void open() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    proxy = FaultProxy.open(0, server.getLocalPort(), DELAY);
    ProxyLink.daemon(
        "accept",
        () -> {
          try {
            while (true) {
              accepted.add(server.accept());
            }
          } catch (IOException closed) {
            // The end of the test
            accepted.clear();
          }
        });
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    server.close();
  }

  /** Both ends of one connection through the proxy. */
  private record Pair(Socket client, Socket server) {}

  private Pair connect() throws Exception {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    Socket other = accepted.poll(20, TimeUnit.SECONDS);
    assertThat(other).as("the proxy connects to the server").isNotNull();
    client.setSoTimeout(ANSWER_MILLIS);
    other.setSoTimeout(ANSWER_MILLIS);
    return new Pair(client, other);
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  private static String receive(Socket socket, int length) throws IOException {
    return new String(socket.getInputStream().readNBytes(length), US_ASCII);
  }

  private static void assertSilent(Socket socket) throws IOException {
    socket.setSoTimeout(SILENCE_MILLIS);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(ANSWER_MILLIS);
  }

  private static void assertReset(Socket socket) {
    assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
  }

  @Test
  void passesBytesBothWaysAndTheEndOfEach() throws Exception {
    Pair pair = connect();
    byte[] much = new byte[1_000_000];
    new Random(1).nextBytes(much);

    CompletableFuture<byte[]> arrived =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return pair.server().getInputStream().readAllBytes();
              } catch (IOException e) {
                return new byte[0];
              }
            });
    pair.client().getOutputStream().write(much);
    pair.client().shutdownOutput();

    assertThat(Arrays.equals(arrived.get(30, TimeUnit.SECONDS), much)).isTrue();
    send(pair.server(), "answer");
    pair.server().close();
    assertThat(receive(pair.client(), 6)).isEqualTo("answer");
    assertThat(pair.client().getInputStream().read()).isEqualTo(-1);
    await().until(() -> proxy.connections() == 0);
  }

  @Test
  void cutResetsWhatIsOpenAndWhatComes() throws Exception {
    Pair pair = connect();
    send(pair.client(), "a");
    assertThat(receive(pair.server(), 1)).isEqualTo("a");

    proxy.mode(FaultProxy.Mode.CUT);

    assertReset(pair.client());
    assertReset(pair.server());
    try (Socket next = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      next.setSoTimeout(ANSWER_MILLIS);
      assertReset(next);
    }
    proxy.mode(FaultProxy.Mode.PASS);
    Pair after = connect();
    send(after.client(), "b");
    assertThat(receive(after.server(), 1)).isEqualTo("b");
  }

  @Test
  void halfOpenConnectionsStaySilentWhenTheFaultIsOver() throws Exception {
    Pair pair = connect();
    Pair idle = connect();
    send(pair.client(), "a");
    assertThat(receive(pair.server(), 1)).isEqualTo("a");

    proxy.mode(FaultProxy.Mode.SWALLOW);
    send(pair.client(), "lost");
    assertSilent(pair.server());
    proxy.mode(FaultProxy.Mode.PASS);

    send(pair.client(), "lost too");
    assertSilent(pair.server());
    send(pair.server(), "and lost");
    assertSilent(pair.client());
    send(idle.client(), "i");
    assertThat(receive(idle.server(), 1)).as("nothing of it was swallowed").isEqualTo("i");
    Pair after = connect();
    send(after.client(), "b");
    assertThat(receive(after.server(), 1)).isEqualTo("b");
  }

  @Test
  void anEndIsHeldBackWhileBytesAreSwallowed() throws Exception {
    Pair pair = connect();
    proxy.mode(FaultProxy.Mode.SWALLOW);
    send(pair.client(), "lost");
    assertSilent(pair.server());

    pair.client().close();

    assertSilent(pair.server());
    proxy.mode(FaultProxy.Mode.PASS);
    assertReset(pair.server());
  }

  @Test
  void delaysEachPiece() throws Exception {
    Pair pair = connect();
    proxy.mode(FaultProxy.Mode.DELAY);

    long begin = System.nanoTime();
    send(pair.client(), "ping");
    assertThat(receive(pair.server(), 4)).isEqualTo("ping");
    send(pair.server(), "pong");
    assertThat(receive(pair.client(), 4)).isEqualTo("pong");

    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThanOrEqualTo(DELAY.multipliedBy(2));
  }

  @Test
  void closingResetsEverything() throws Exception {
    Pair pair = connect();

    proxy.close();

    assertReset(pair.client());
    assertReset(pair.server());
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), proxy.port()).close())
        .isInstanceOf(IOException.class);
  }

  @Test
  void resetsAClientWhoseServerIsDown() throws Exception {
    server.close();

    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      client.setSoTimeout(ANSWER_MILLIS);
      assertReset(client);
    }
    await().until(() -> proxy.connections() == 0);
  }
}
