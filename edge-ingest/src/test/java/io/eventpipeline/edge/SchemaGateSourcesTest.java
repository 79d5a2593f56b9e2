package io.eventpipeline.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A gate takes its schemas from the registry and the Redis that are configured, with their tokens.
 */
class SchemaGateSourcesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private volatile int newest = 1;
  private final List<String> askedOfRedis = new CopyOnWriteArrayList<>();
  private HttpServer registry;
  private ServerSocket redis;

  @BeforeEach
  void start() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    registry = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    registry.createContext("/schemas", this::answer);
    registry.start();
    redis = new ServerSocket(0, 50, loopback);
    Thread server = new Thread(this::refuseAll, "redis-that-refuses");
    server.setDaemon(true);
    server.start();
  }

  @AfterEach
  void stop() throws IOException {
    registry.stop(0);
    redis.close();
  }

  @Test
  void holdsDataAgainstWhatTheRegistrySaysAndFollowsItWithinTenSeconds() {
    SchemaGate gate =
        SchemaGate.open(
            TestConfig.with(
                    "EDGE_SCHEMAS_VALIDATE", "true",
                    "EDGE_SCHEMAS_REGISTRY_URL",
                        "http://127.0.0.1:" + registry.getAddress().getPort(),
                    "EDGE_SCHEMAS_REGISTRY_TOKEN", "token-of-the-edge",
                    "EDGE_SCHEMAS_REDIS_HOST", "127.0.0.1",
                    "EDGE_SCHEMAS_REDIS_PORT", Integer.toString(redis.getLocalPort()),
                    "EDGE_SCHEMAS_REDIS_PASSWORD", "password-of-redis")
                .schemas());
    try {
      await("the newest version is fetched")
          .atMost(PATIENCE)
          .until(() -> isRefused(gate, "\"data\":{\"n\":-1}"));
      await("the version that is named, too")
          .atMost(PATIENCE)
          .until(() -> isRefused(gate, "\"dataschema\":\"schema:a/1\",\"data\":{\"n\":-1}"));

      assertThat(gate.unseen()).as("until it was there").isPositive();
      assertThat(askedOfRedis).anyMatch(asked -> asked.contains("password-of-redis"));
      assertThat(gate.cacheRefused()).as("what Redis answered is no schema").isPositive();

      newest = 2;

      await("news are in use")
          .atMost(Duration.ofSeconds(10))
          .until(() -> !isRefused(gate, "\"data\":{\"n\":-1}"));
      assertThat(isRefused(gate, "\"data\":{\"n\":-2}")).isTrue();
      assertThat(isRefused(gate, "\"dataschema\":\"schema:a/1\",\"data\":{\"n\":-1}")).isTrue();
    } finally {
      gate.close();
    }
  }

  private static boolean isRefused(SchemaGate gate, String members) {
    byte[] event = ("{\"type\":\"a\"," + members + "}").getBytes(UTF_8);
    return gate.objection(event, 0, event.length) != null;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String token = exchange.getRequestHeaders().getFirst("Authorization");
    String versions = version(1) + (newest == 1 ? "" : "," + version(2));
    byte[] body =
        (path.equals("/schemas")
                ? "{\"schemas\":[" + versions + "],\"next\":null}"
                : version(path.endsWith("/1") ? 1 : newest))
            .getBytes(UTF_8);
    exchange.sendResponseHeaders("Bearer token-of-the-edge".equals(token) ? 200 : 401, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** The first takes numbers from 0 on, the second from -1. */
  private static String version(int number) {
    return "{\"id\":%d,\"type\":\"a\",\"version\":%d,\"status\":\"published\","
            .formatted(number, number)
        + "\"schema\":{\"properties\":{\"n\":{\"minimum\":%d}}}}".formatted(1 - number);
  }

  /** Notes what it is asked, and refuses it. */
  private void refuseAll() {
    byte[] buffer = new byte[4096];
    while (!redis.isClosed()) {
      try (Socket caller = redis.accept()) {
        int read = caller.getInputStream().read(buffer);
        askedOfRedis.add(new String(buffer, 0, Math.max(0, read), UTF_8));
        caller.getOutputStream().write("-ERR refused\r\n".getBytes(UTF_8));
      } catch (IOException e) {
        askedOfRedis.add(""); // the caller went away, or the test is over
      }
    }
  }
}
