package io.eventpipeline.launcher.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TextSocketTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private URI serve(Consumer<ServerWebSocket> handler) {
    HttpServer server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost("127.0.0.1")
                    .setPort(0)
                    .setMaxWebSocketFrameSize(1 << 20)
                    .setMaxWebSocketMessageSize(1 << 20))
            .webSocketHandshakeHandler(
                handshake -> {
                  if ("Bearer k".equals(handshake.headers().get("Authorization"))) {
                    handshake.accept();
                  } else {
                    handshake.reject(401);
                  }
                })
            .webSocketHandler(handler::accept)
            .listen()
            .await();
    return URI.create("ws://127.0.0.1:" + server.actualPort() + "/s");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 125, 126, 65_535, 65_536, 700_001})
  void bringsFramesOfEverySizeThereAndBack(int size) throws IOException {
    URI address = serve(socket -> socket.textMessageHandler(socket::writeTextMessage));
    byte[] text = text(size);

    try (TextSocket socket = TextSocket.connect(address, "Bearer k", PATIENCE)) {
      socket.send(text, text.length);
      socket.send(text, text.length);

      assertThat(socket.receive(PATIENCE)).isEqualTo(text);
      assertThat(socket.receive(PATIENCE)).isEqualTo(text);
      assertThat(socket.receive(Duration.ofMillis(1))).isNull();
    }
  }

  private static byte[] text(int size) {
    byte[] text = new byte[size];
    Random random = new Random(size);
    for (int i = 0; i < size; i++) {
      text[i] = (byte) (' ' + random.nextInt(90));
    }
    return text;
  }

  @Test
  void joinsFragmentsAndAnswersPingsBetweenThem() throws Exception {
    BlockingQueue<String> pongs = new LinkedBlockingQueue<>();
    URI address =
        serve(
            socket -> {
              socket.pongHandler(pong -> pongs.add(pong.toString()));
              socket.writeFrame(WebSocketFrame.textFrame("one, ", false));
              socket.writePing(Buffer.buffer("there?"));
              socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("zwölf"), true));
            });

    try (TextSocket socket = TextSocket.connect(address, "Bearer k", PATIENCE)) {
      assertThat(new String(socket.receive(PATIENCE), UTF_8)).isEqualTo("one, zwölf");
      assertThat(pongs.poll(20, TimeUnit.SECONDS)).isEqualTo("there?");
    }
  }

  @Test
  void saysWhyTheServerClosed() throws IOException {
    URI address = serve(socket -> socket.close((short) 1009, "too big"));

    try (TextSocket socket = TextSocket.connect(address, "Bearer k", PATIENCE)) {
      assertThatThrownBy(() -> socket.receive(PATIENCE))
          .isInstanceOf(IOException.class)
          .hasMessage("WebSocket closed with 1009 too big");
    }
  }

  @Test
  void saysGoodbye() throws Exception {
    BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    URI address =
        serve(socket -> socket.closeHandler(end -> ends.add(socket.closeStatusCode() + "")));

    try (TextSocket socket = TextSocket.connect(address, "Bearer k", PATIENCE)) {
      socket.finish();

      assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("1000");
    }
  }

  @Test
  void namesTheStatusOfARefusedHandshake() {
    URI address = serve(socket -> {});

    assertThatThrownBy(() -> TextSocket.connect(address, "Bearer other", PATIENCE))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("no WebSocket: HTTP/1.1 401 ");
  }

  @Test
  void refusesAnAnswerToAnotherHandshake() {
    NetServer server =
        vertx
            .createNetServer()
            .connectHandler(
                socket ->
                    socket.write(
                        Buffer.buffer(
                            """
                            HTTP/1.1 101 Switching Protocols\r
                            Upgrade: websocket\r
                            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
                            \r
                            """,
                            ISO_8859_1.name())))
            .listen(0, "127.0.0.1")
            .await();
    URI address = URI.create("ws://127.0.0.1:" + server.actualPort() + "/s");

    assertThatThrownBy(() -> TextSocket.connect(address, "Bearer k", PATIENCE))
        .hasMessageContaining("another handshake");
  }
}
