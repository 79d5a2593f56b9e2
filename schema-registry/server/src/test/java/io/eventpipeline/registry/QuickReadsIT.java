package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.registry.QuickReads.Question;
import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@WithServices(Server.POSTGRES)
class QuickReadsIT {
  private TestRegistry registry;

  @BeforeEach
  void start(ServiceKit kit) throws Exception {
    registry = TestRegistry.start(kit.postgres());
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/schemas/%d", "/schemas/ids/%d"})
  void answersTheSameASecondTime(String path) throws Exception {
    String read = path.formatted(id("it.quick"));

    Reply first = registry.get(read);
    Reply second = registry.get(read);

    assertThat(first.status()).isEqualTo(200);
    assertThat(second.raw().body()).isEqualTo(first.raw().body());
    assertThat(second.raw().headers().map()).isEqualTo(first.raw().headers().map());
    assertThat(registry.get(read, "Authorization", "Bearer nobody").status()).isEqualTo(401);
    assertThat(registry.send(registry.request(read, "X", "no token").GET()).status())
        .isEqualTo(401);
    assertThat(registry.get(read, "Authorization", TestRegistry.TEAM).status())
        .as("a token for other types")
        .isEqualTo(404);
  }

  @Test
  void answers304ToWhoHasItAlready() throws Exception {
    String read = "/schemas/" + id("it.quick");
    String etag = registry.get(read).header("ETag");

    Reply known = registry.get(read, "Authorization", TestRegistry.READ, "If-None-Match", etag);

    assertThat(known.status()).isEqualTo(304);
    assertThat(known.raw().body()).isEmpty();
    assertThat(known.header("ETag")).isEqualTo(etag);
  }

  @Test
  void namesTheMediaTypeThatTheCallerAsksFor() throws Exception {
    String read = "/schemas/ids/" + id("it.quick");
    for (int i = 0; i < 2; i++) {
      assertThat(registry.get(read).header("Content-Type"))
          .isEqualTo("application/vnd.schemaregistry.v1+json");
      assertThat(
              registry
                  .get(read, "Authorization", TestRegistry.READ, "Accept", "application/json")
                  .header("Content-Type"))
          .isEqualTo("application/json");
    }
  }

  @Test
  void showsWhatThisServerChangedAtOnceAndWhatAnotherDidWithinASecondOrSo() throws Exception {
    int id = id("it.quick");
    String read = "/schemas/" + id;
    try (TestRegistry other = registry.another()) {
      for (TestRegistry server : List.of(registry, other)) {
        assertThat(server.get(read).json().path("status").asString()).isEqualTo("published");
      }
      assertThat(
              registry.call("POST", "/schemas/it.quick/1/deprecate", "{\"reason\":\"x\"}").status())
          .isEqualTo(200);

      assertThat(registry.get(read).json().path("status").asString()).isEqualTo("deprecated");
      await()
          .atMost(QuickReads.KEPT.plus(Duration.ofSeconds(2)))
          .until(() -> other.get(read).json().path("status").asString().equals("deprecated"));
    }
  }

  /** Or a caller who may only read could fill the memory with keys of his own. */
  @Test
  void keepsOneAnswerForAllThatACallerMayAccept() {
    List<String> subjects = List.of("*");
    Question one = QuickReads.question("/schemas/1", null, subjects);

    for (String accept : List.of("", "*/*", "text/html", "x/" + "y".repeat(8_000))) {
      assertThat(QuickReads.question("/schemas/1", accept, subjects)).isEqualTo(one);
    }
    assertThat(QuickReads.question("/schemas/1", "application/json;q=0.1, x/y", subjects))
        .isEqualTo(QuickReads.question("/schemas/1", "application/json", subjects))
        .isNotEqualTo(one);
  }

  @Test
  void takesNothingElseForARead() {
    for (String uri :
        List.of("/schemas/1", "/schemas/2147483647", "/schemas/ids/1", "/schemas/0012")) {
      assertThat(QuickReads.isRead(HttpMethod.GET, uri)).as(uri).isTrue();
      assertThat(QuickReads.isRead(HttpMethod.PUT, uri)).as(uri).isFalse();
    }
    for (String uri :
        List.of(
            "/schemas/",
            "/schemas",
            "/schemas/1/2",
            "/schemas/1?x=1",
            "/schemas/a",
            "/schemas/ids/",
            "/schemas/ids/1/schema",
            "/schemas/ids/1?fetchMaxId=true",
            "/schemas/12345678901",
            "/other/1")) {
      assertThat(QuickReads.isRead(HttpMethod.GET, uri)).as(uri).isFalse();
    }
  }

  private int id(String type) throws Exception {
    Reply reply = registry.register(type, "{\"title\":\"" + type + "\"}");
    assertThat(reply.status()).as(reply.raw().body()).isEqualTo(201);
    return reply.json().path("id").asInt();
  }
}
