package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.node.JsonNodeFactory;

/** Who may do what, and what the registry never does for anybody. */
@WithServices(Server.POSTGRES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubjectTokensIT {
  @AutoClose private TestRegistry registry;

  @BeforeAll
  void start(ServiceKit kit) throws Exception {
    registry = TestRegistry.start(kit.postgres());
    registry.register("team.a", "{\"title\":\"team\"}");
    registry.register("shared", "{\"title\":\"shared\"}");
    registry.register("other.a", "{\"title\":\"other\"}");
    registry.register("shed.not", "{\"title\":\"not covered\"}");
  }

  @Test
  void showsATokenItsOwnTypesOnly() throws Exception {
    assertThat(team("GET", "/subjects", null).raw().body())
        .contains("\"shared\"", "\"team.a\"")
        .doesNotContain("other", "shed");
    assertThat(team("GET", "/schemas", null).json().path("schemas").findValuesAsString("type"))
        .contains("shared", "team.a")
        .doesNotContain("other.a", "shed.not");
    assertThat(team("GET", "/schemas?deleted=true", null).json().findValuesAsString("subject"))
        .contains("shared", "team.a")
        .doesNotContain("other.a", "shed.not");
    int id = registry.get("/schemas/other.a/1").json().path("id").asInt();
    assertThat(team("GET", "/schemas/" + id, null).code()).isEqualTo("unknown_schema");
    assertThat(team("GET", "/schemas/ids/" + id, null).errorCode()).isEqualTo(40403);
    assertThat(team("GET", "/schemas/team.a/1", null).status()).isEqualTo(200);
  }

  @Test
  void refusesEverythingElseOfOtherTypes() throws Exception {
    String schema = "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}";
    for (String type : List.of("other.a", "nothing.yet", "shed.not", "team")) {
      for (Reply reply :
          List.of(
              team("GET", "/schemas/" + type + "/1", null),
              team("GET", "/schemas/" + type + "/1/history", null),
              team("PUT", "/schemas/" + type + "/1", "{\"schema\":{}}"),
              team("POST", "/schemas/" + type + "/1/withdraw", "{\"reason\":\"x\"}"),
              team("POST", "/schemas/" + type + "/validate", "{\"data\":1}"),
              team("POST", "/schemas", "{\"type\":\"" + type + "\",\"schema\":{}}"))) {
        assertThat(reply.status()).as(type + reply.raw().uri()).isEqualTo(403);
        assertThat(reply.code()).isEqualTo("forbidden");
      }
      for (Reply reply :
          List.of(
              team("GET", "/subjects/" + type + "/versions", null),
              team("POST", "/subjects/" + type, schema),
              team("POST", "/subjects/" + type + "/versions", schema),
              team("DELETE", "/subjects/" + type, null),
              team("DELETE", "/subjects/:.:" + type, null),
              team("DELETE", "/contexts/:.:/subjects/" + type, null),
              team("POST", "/compatibility/subjects/" + type + "/versions", schema),
              team("PUT", "/config/" + type, "{\"compatibility\":\"NONE\"}"),
              team("PUT", "/mode/" + type, "{\"mode\":\"READONLY\"}"))) {
        assertThat(reply.status()).as(type + reply.raw().uri()).isEqualTo(403);
        assertThat(reply.errorCode()).isEqualTo(40301);
      }
    }
    assertThat(registry.get("/schemas/other.a/1").json().path("status").asString())
        .isEqualTo("published");
  }

  @Test
  void keepsWhatHoldsForAllFromThoseWhoCoverSome() throws Exception {
    assertThat(team("PUT", "/config", "{\"compatibility\":\"NONE\"}").errorCode()).isEqualTo(40301);
    assertThat(team("PUT", "/mode", "{\"mode\":\"READONLY\"}").errorCode()).isEqualTo(40301);
    assertThat(team("DELETE", "/config", null).errorCode()).isEqualTo(40301);
    assertThat(team("GET", "/config", null).status()).isEqualTo(200);
    assertThat(team("PUT", "/config/team.b", "{\"compatibility\":\"NONE\"}").status())
        .isEqualTo(200);
  }

  @Test
  void readsNothingThroughAReferenceThatTheTokenDoesNotCover() throws Exception {
    Reply reply =
        team(
            "POST",
            "/schemas",
            "{\"type\":\"team.spy\",\"schema\":{\"$ref\":\"x\"},\"references\":"
                + "[{\"name\":\"x\",\"type\":\"other.a\",\"version\":1}]}");

    assertThat(reply.status()).isEqualTo(403);
  }

  @Test
  void namesNoSchemaOfOtherTypesThatRefersToACoveredOne() throws Exception {
    Reply referring =
        registry.post(
            "{\"type\":\"other.refers\",\"schema\":{\"$ref\":\"x\"},\"references\":"
                + "[{\"name\":\"x\",\"type\":\"shared\",\"version\":1}]}");
    String path = "/subjects/shared/versions/1/referencedby";

    assertThat(registry.get(path).raw().body())
        .isEqualTo("[" + referring.json().path("id").asInt() + "]");
    assertThat(team("GET", path, null).raw().body()).isEqualTo("[]");
  }

  /** As RegistryApiIT does for registrations: here by every other way that a schema comes in. */
  @Test
  void fetchesNothingThatASchemaNamesInEitherDialect() throws Exception {
    try (ServerSocketChannel canary = ServerSocketChannel.open()) {
      ServerSocket socket = canary.socket();
      socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      canary.configureBlocking(false);
      String address = "http://127.0.0.1:" + socket.getLocalPort() + "/x.json";
      registry.post("{\"type\":\"draft.a\",\"schema\":{},\"status\":\"draft\"}");
      for (String target :
          List.of(address, "file:///etc/hostname", "jar:" + address + "!/a", "classpath:draft7")) {
        String schema = "{\"$ref\":\"" + target + "\"}";
        String referring = "{\"allOf\":[{\"$ref\":\"shared.json\"},{\"$ref\":\"" + target + "\"}]}";
        String references = "[{\"name\":\"shared.json\",\"subject\":\"shared\",\"version\":1}]";
        for (Reply reply :
            List.of(
                dialect("/subjects/team.x/versions", schema, "[]"),
                dialect("/subjects/team.x/versions", referring, references),
                dialect("/compatibility/subjects/shared/versions", schema, "[]"),
                dialect("/compatibility/subjects/shared/versions/1", referring, references))) {
          assertThat(reply.status()).as(reply.raw().body()).isEqualTo(422);
          assertThat(reply.errorCode()).isEqualTo(42201);
        }
        dialect("/subjects/shared", schema, "[]");
        assertThat(
                registry.call("PUT", "/schemas/draft.a/1", "{\"schema\":" + schema + "}").status())
            .isEqualTo(422);
      }
      registry.call(
          "POST", "/schemas/shared/validate", "{\"data\":{\"$ref\":\"" + address + "\"}}");

      assertThat(canary.accept()).as("calls to the canary").isNull();
    }
  }

  private Reply dialect(String path, String schema, String references) throws Exception {
    var body =
        JsonNodeFactory.instance.objectNode().put("schemaType", "JSON").put("schema", schema);
    body.set("references", JsonBody.JSON.readTree(references));
    return registry.call("POST", path, body.toString());
  }

  private Reply team(String method, String path, String body)
      throws IOException, InterruptedException {
    return registry.send(
        registry
            .request(path, "Authorization", TestRegistry.TEAM, "Content-Type", "application/json")
            .method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
  }
}
