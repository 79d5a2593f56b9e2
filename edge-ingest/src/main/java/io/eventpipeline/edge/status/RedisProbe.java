package io.eventpipeline.edge.status;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Redis by its PING; a server that asks for a password first is up as well. */
final class RedisProbe implements Probe {
  private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);

  private final String host;
  private final int port;
  private final int timeoutMillis;

  RedisProbe(String host, int port, Duration timeout) {
    this.host = host;
    this.port = port;
    this.timeoutMillis = (int) timeout.toMillis();
  }

  @Override
  public String name() {
    return "redis";
  }

  @Override
  public Finding look() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), timeoutMillis);
      socket.setSoTimeout(timeoutMillis);
      socket.getOutputStream().write(PING);
      String answer = new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
      return answer.equals("+PONG") || answer.equals("-NOAU")
          ? Finding.ok(new JsonObject())
          : Finding.down("PING was answered by " + answer);
    }
  }
}
