package io.eventpipeline.registry;

import static io.eventpipeline.registry.RegistryApiIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Schemas that are made to cost time, memory or a call to somewhere else. */
@WithServices(Server.POSTGRES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileSchemasIT {
  @AutoClose private TestRegistry registry;

  @BeforeAll
  void start(ServiceKit kit) throws Exception {
    registry = TestRegistry.start(kit.postgres());
  }

  @Test
  void refusesWhatIsTooLargeTooDeepOrNotJson() throws Exception {
    String large = "{\"title\":\"" + "x".repeat(70_000) + "\"}";
    String larger = "{\"title\":\"" + "x".repeat(300_000) + "\"}";
    String deep = "{\"not\":".repeat(30) + "{}" + "}".repeat(30);
    String bomb = "[".repeat(100_000);

    assertProblem(registry.register("it.x", large), 422, "schema_too_large");
    assertProblem(registry.register("it.x", larger), 413, "body_too_large");
    assertProblem(registry.register("it.x", deep), 422, "schema_too_deep");
    assertProblem(registry.post(bomb), 400, "malformed_json");
    assertProblem(
        registry.post("{}", "Authorization", TestRegistry.WRITE, "Content-Type", "text/plain"),
        415,
        "unsupported_media_type");
    assertProblem(
        registry.send(registry.request("/schemas").PUT(BodyPublishers.ofString("{}"))),
        405,
        "method_not_allowed");
  }

  @Test
  void answersHostileSchemasQuickly() throws Exception {
    registry.register("it.warm", "{\"pattern\":\"(?=a)\"}");
    for (String schema :
        List.of(
            "{\"pattern\":\"((a{1000}){1000}){1000}\"}",
            "{\"enum\":[" + "\"x\",".repeat(10_000) + "\"y\"]}",
            "{\"allOf\":[" + "{\"$ref\":\"#\"},".repeat(101) + "{}]}",
            "{\"$ref\":\"#\"}",
            "{\"not\":".repeat(190) + "{}" + "}".repeat(190))) {
      long start = System.nanoTime();
      Reply reply = registry.register("it.hostile", schema);

      assertThat(reply.status()).as(schema.substring(0, 12)).isIn(201, 200, 400, 409, 422);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }
  }

  @Test
  void neverFetchesWhatASchemaRefersTo() throws Exception {
    try (ServerSocket canary = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      canary.setSoTimeout(500);
      String address = "http://127.0.0.1:" + canary.getLocalPort() + "/x.json";
      for (String schema :
          List.of(
              "{\"$ref\":\"%s\"}",
              "{\"$dynamicRef\":\"%s\"}",
              "{\"properties\":{\"a\":{\"$ref\":\"%s#/b\"}}}",
              "{\"$id\":\"%s\",\"$ref\":\"other.json\"}",
              "{\"$schema\":\"%s\"}",
              "{\"$defs\":{\"a\":{\"$schema\":\"%s\"}}}",
              "{\"const\":{\"$ref\":\"%s\"}}")) {
        Reply reply = registry.register("it.canary", schema.formatted(address));
        assertThat(reply.status()).as(schema).isEqualTo(422);
        assertThat(reply.code()).isIn("remote_reference", "unsupported_dialect");
      }
      registry.register("it.canary", "{\"$id\":\"" + address + "\",\"type\":\"object\"}");

      assertThat(hits(canary)).isZero();
    }
  }

  private static int hits(ServerSocket canary) throws IOException {
    int hits = 0;
    while (true) {
      try (Socket caller = canary.accept()) {
        hits++;
        assertThat(caller).isNotNull();
      } catch (SocketTimeoutException e) {
        return hits;
      }
    }
  }
}
