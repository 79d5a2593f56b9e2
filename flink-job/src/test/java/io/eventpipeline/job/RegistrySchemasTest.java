package io.eventpipeline.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.eventpipeline.config.Secret;
import io.eventpipeline.schema.Schemas;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How soon the job has news of the registry, with the settings that ship. */
class RegistrySchemasTest {
  private volatile int newest = 1;
  private HttpServer registry;

  @BeforeEach
  void start() throws IOException {
    registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext("/schemas", this::answer);
    registry.start();
  }

  @AfterEach
  void stop() {
    registry.stop(0);
  }

  @Test
  void putsANewVersionToUseWithinTenSeconds() throws Exception {
    JobConfig.Registry shipped = JobConfigTest.read("job.minimal.yaml", Map.of()).registry();
    JobConfig.Registry config =
        new JobConfig.Registry(
            "http://127.0.0.1:" + registry.getAddress().getPort(),
            new Secret("token"),
            shipped.timeout(),
            shipped.startTimeout(),
            shipped.retryEvery(),
            shipped.retryFor(),
            shipped.heldMax());
    JobConfig.Redis none =
        new JobConfig.Redis(
            "127.0.0.1",
            unused(),
            new Secret(""),
            Duration.ofMillis(300),
            1,
            Duration.ofMinutes(1));

    try (Schemas schemas = new RegistrySchemas(config, none).open()) {
      assertThat(schemas.find("a", 0).schema().version()).isEqualTo(1);

      newest = 2;

      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> schemas.find("a", 0).schema().version() == 2);
    }
  }

  /** Nobody listens there. */
  private static int unused() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    int known = newest;
    StringBuilder list = new StringBuilder();
    for (int version = 1; version <= known; version++) {
      list.append(version == 1 ? "" : ",").append(version(version));
    }
    boolean all = exchange.getRequestURI().getPath().equals("/schemas");
    byte[] body =
        (all ? "{\"schemas\":[" + list + "],\"next\":null}" : version(known)).getBytes(UTF_8);
    String tag = "\"" + known + "\"";
    exchange.getResponseHeaders().set("ETag", tag);
    boolean same = tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
    exchange.sendResponseHeaders(same ? 304 : 200, same ? -1 : body.length);
    if (!same) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private static String version(int number) {
    return ("{\"id\":%d,\"type\":\"a\",\"version\":%d,\"status\":\"published\","
            + "\"schema\":{\"title\":\"%d\"}}")
        .formatted(number, number, number);
  }
}
