package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.ApiDocument.Operation;
import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@WithServices(Server.POSTGRES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistryApiIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SCHEMA = "{\"type\":\"object\",\"required\":[\"sku\"]}";

  @AutoClose private TestRegistry registry;

  @BeforeAll
  void start(ServiceKit kit) throws Exception {
    registry = TestRegistry.start(kit.postgres());
  }

  @Test
  void servesTheShippedSchemasFromTheStartAndAgainAfterARestart() throws Exception {
    try (TestRegistry second = registry.another()) {
      for (String type : ShippedSchemas.TYPES) {
        Reply reply = second.get("/schemas/" + type + "/latest");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("version").asInt()).isEqualTo(1);
        assertThat(reply.json().path("status").asString()).isEqualTo("published");
        assertThat(reply.json().path("schema").path("additionalProperties").asBoolean(true))
            .isFalse();
      }
    }
  }

  @Test
  void registersVersionsOneAfterTheOtherAndServesThemByVersionAndId() throws Exception {
    Reply first = registry.register("it.saved", SCHEMA);
    Reply second = registry.register("it.saved", "{\"type\":\"object\"}");

    assertThat(first.status()).isEqualTo(201);
    assertThat(first.header("Location")).isEqualTo("/schemas/it.saved/1");
    assertThat(first.json().path("version").asInt()).isEqualTo(1);
    assertThat(first.json().path("sha256").asString()).hasSize(64);
    assertThat(first.json().path("schema")).isEqualTo(JSON.readTree(SCHEMA));
    assertThat(second.json().path("version").asInt()).isEqualTo(2);
    int id = first.json().path("id").asInt();
    assertThat(registry.get("/schemas/it.saved/1").json()).isEqualTo(first.json());
    assertThat(registry.get("/schemas/" + id).json()).isEqualTo(first.json());
    assertThat(registry.get("/schemas/it.saved/latest").json()).isEqualTo(second.json());
  }

  @Test
  void answersTheSameContentInOtherSpellingWithTheSameVersion() throws Exception {
    Reply first = registry.register("it.same", "{\"minimum\":1,\"title\":\"ä\"}");
    Reply again = registry.register("it.same", "{ \"title\" : \"\\u00e4\", \"minimum\" : 1.0 }");

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json()).isEqualTo(first.json());
  }

  @Test
  void givesTheSameContentTheSameIdUnderEveryType() throws Exception {
    String schema = "{\"title\":\"shared by two types\"}";

    Reply one = registry.register("it.one", schema);
    Reply two = registry.register("it.two", schema);

    assertThat(two.status()).isEqualTo(201);
    assertThat(two.json().path("type").asString()).isEqualTo("it.two");
    assertThat(two.json().path("id").asInt()).isEqualTo(one.json().path("id").asInt());
  }

  @Test
  void listsEverythingInPagesWithoutLossOrRepetition() throws Exception {
    for (int i = 0; i < 7; i++) {
      registry.register("it.listed", "{\"title\":\"" + i + "\"}");
    }
    List<String> seen = new ArrayList<>();
    String after = "0";
    while (after != null) {
      JsonNode page = registry.get("/schemas?limit=3&after=" + after).json();
      assertThat(page.path("schemas").size()).isLessThanOrEqualTo(3);
      for (JsonNode schema : page.path("schemas")) {
        seen.add(schema.path("type").asString() + "/" + schema.path("version").asInt());
      }
      after = page.path("next").isNull() ? null : page.path("next").asString();
    }
    assertThat(seen).doesNotHaveDuplicates().contains("it.listed/7", "cart.viewed/1");

    JsonNode filtered = registry.get("/schemas?type=it.listed&limit=100").json();
    assertThat(filtered.path("schemas")).hasSize(7);
    assertThat(filtered.path("next").isNull()).isTrue();
    assertThat(registry.get("/schemas?type=it.nothing").json().path("schemas")).isEmpty();
  }

  @Test
  void answers304UntilSomethingChanges() throws Exception {
    Reply version = registry.get("/schemas/cart.viewed/1");
    Reply list = registry.get("/schemas");

    assertThat(conditional("/schemas/cart.viewed/1", version.header("ETag")).status())
        .isEqualTo(304);
    assertThat(conditional("/schemas/cart.viewed/1", "W/" + version.header("ETag")).status())
        .isEqualTo(304);
    assertThat(conditional("/schemas/cart.viewed/1", "\"other\"").status()).isEqualTo(200);
    registry.register("it.changed", "{\"title\":\"" + System.nanoTime() + "\"}");
    Reply after = conditional("/schemas", list.header("ETag"));
    assertThat(after.status()).isEqualTo(200);
    registry.register(
        "cart.viewed", registry.get("/schemas/cart.viewed/1").json().path("schema").toString());
    assertThat(conditional("/schemas", after.header("ETag")).status())
        .as("a registration that changed nothing")
        .isEqualTo(304);
  }

  @ParameterizedTest
  @CsvSource({
    "/schemas/999999, 404, unknown_schema",
    "/schemas/it.nothing/1, 404, unknown_type",
    "/schemas/it.nothing/latest, 404, unknown_type",
    "/schemas/cart.viewed/99, 404, unknown_version",
    "/schemas/cart.viewed/0, 400, invalid_request",
    "/schemas/cart.viewed/x, 400, invalid_request",
    "/schemas/cart.viewed/99999999999, 400, invalid_request",
    "/schemas/abc, 400, invalid_request",
    "/schemas/%20/1, 404, unknown_type",
    "/schemas?limit=0, 400, invalid_request",
    "/schemas?limit=101, 400, invalid_request",
    "/schemas?limit=x, 400, invalid_request",
    "/schemas?after=-1, 400, invalid_request",
    "/schemas?type=a%20b, 400, invalid_request",
    "/schemas?typ=a, 400, invalid_request",
    "/nothing, 404, not_found",
    "/schemas/a/b/c, 404, not_found"
  })
  void explainsWhatCannotBeFound(String path, int status, String code) throws Exception {
    assertProblem(registry.get(path), status, code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "## | 400 | malformed_json",
        "{ | 400 | malformed_json",
        "{} {} | 400 | malformed_json",
        "{\"type\":\"it.x\",\"type\":\"it.y\",\"schema\":{}} | 400 | malformed_json",
        "{\"type\":\"it.x\",\"schema\":{\"a\":1,\"a\":2}} | 400 | malformed_json",
        "[] | 400 | invalid_request",
        "{\"type\":\"it.x\"} | 400 | invalid_request",
        "{\"schema\":{}} | 400 | invalid_request",
        "{\"type\":7,\"schema\":{}} | 400 | invalid_request",
        "{\"type\":\"a b\",\"schema\":{}} | 400 | invalid_request",
        "{\"type\":\"../x\",\"schema\":{}} | 400 | invalid_request",
        "{\"type\":\"ids\",\"schema\":{}} | 400 | invalid_request",
        "{\"type\":\"it.x\",\"schema\":{},\"version\":3} | 400 | invalid_request",
        "{\"type\":\"it.x\",\"schema\":{},\"description\":[]} | 400 | invalid_request",
        "{\"type\":\"it.x\",\"schema\":true} | 422 | invalid_schema",
        "{\"type\":\"it.x\",\"schema\":\"{}\"} | 422 | invalid_schema",
        "{\"type\":\"it.x\",\"schema\":null} | 422 | invalid_schema",
        "{\"type\":\"it.x\",\"schema\":{\"type\":\"strin\"}} | 422 | invalid_schema",
        "{\"type\":\"it.x\",\"schema\":{\"$ref\":\"#/nowhere\"}} | 422 | invalid_schema",
        "{\"type\":\"it.x\",\"schema\":{\"pattern\":\"(?=a)\"}} | 422 | unsupported_pattern",
        "{\"type\":\"it.x\",\"schema\":{\"$schema\":\"urn:mine\"}} | 422 | unsupported_dialect"
      })
  void refusesBodiesThatAreNoRegistration(String body, int status, String code) throws Exception {
    assertProblem(registry.post(body), status, code);
    assertThat(registry.get("/schemas?type=it.x").json().path("schemas")).isEmpty();
  }

  @Test
  void letsNobodyInWithoutAValidToken() throws Exception {
    for (String header :
        List.of(
            "Bearer wrong",
            "Bearer ",
            "Bearer write-token-1x",
            "Basic " + base64("owner:wrong"),
            "Basic " + base64("reader:write-token-1"),
            "Basic !!!",
            "write-token-1",
            "Digest write-token-1")) {
      Reply reply = registry.get("/schemas", "Authorization", header);
      assertProblem(reply, 401, "unauthorized");
      assertThat(reply.header("WWW-Authenticate")).contains("Basic");
      assertProblem(registry.get("/metrics", "Authorization", header), 401, "unauthorized");
      assertProblem(registry.get("/nothing", "Authorization", header), 401, "unauthorized");
    }
    assertProblem(registry.post("{}", "Content-Type", "application/json"), 401, "unauthorized");
    String larger = "x".repeat(2_000_000);
    assertThat(registry.post(larger, "Content-Type", "application/json").status()).isEqualTo(401);
  }

  @Test
  void letsReadersReadAndOnlyWritersWrite() throws Exception {
    for (String reader : List.of(TestRegistry.READ, "basic " + base64("reader:read-token-1"))) {
      assertThat(registry.get("/schemas", "Authorization", reader).status()).isEqualTo(200);
      assertProblem(
          registry.post(
              "{\"type\":\"it.x\",\"schema\":{}}",
              "Authorization",
              reader,
              "Content-Type",
              "application/json"),
          403,
          "forbidden");
    }
    assertThat(
            registry
                .post(
                    "{\"type\":\"it.basic\",\"schema\":{}}",
                    "Authorization",
                    "Basic " + base64("owner:write-token-1"),
                    "Content-Type",
                    "application/json; charset=utf-8")
                .status())
        .isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/health/live", "/health/ready", "/openapi.json", "/docs"})
  void servesHealthAndDocumentationToEverybody(String path) throws Exception {
    Reply reply = registry.send(registry.request(path, "Accept", "*/*"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.raw().body()).isNotBlank();
  }

  /** Each answer is held against the document, too, as all answers in these tests are. */
  @Test
  void guardsEveryRouteAsItsDocumentSays() throws Exception {
    for (Operation operation : ApiDocument.INSTANCE.operations()) {
      Reply stranger = registry.send(request(operation, "Bearer wrong", "application/json", ""));
      assertThat(stranger.status() == 401).as("%s", operation).isEqualTo(!operation.isPublic());
      if (operation.takesBody()) {
        assertThat(registry.send(request(operation, TestRegistry.WRITE, "text/xml", "{}")).status())
            .as("%s", operation)
            .isEqualTo(415);
      }
    }
  }

  private HttpRequest.Builder request(
      Operation operation, String authorization, String type, String body) {
    String path =
        operation
            .path()
            .replace(
                "{context}/{path}",
                operation.method().equals("PUT")
                    ? ":.:/config/{subject}"
                    : ":.:/subjects/{subject}/versions")
            .replace("{type}", "cart.viewed")
            .replace("{subject}", "cart.viewed")
            .replace("{guid}", "00000000-0000-0000-0000-000000000000")
            .replaceAll("\\{[a-z]+\\}", "1");
    return registry
        .request(path, "Authorization", authorization, "Content-Type", type)
        .method(operation.method(), BodyPublishers.ofString(body));
  }

  @Test
  void countsRegistrationsAndRequestsWithoutNamesOfTypes() throws Exception {
    double[] before = registrations();
    registry.register("it.counted", "{\"title\":\"counted\"}");
    registry.register("it.counted", "{\"title\":\"counted\"}");
    registry.register("it.counted", "{\"type\":7}");
    registry.get("/schemas/it.counted/1");
    double[] between = registrations();
    String versions = "/subjects/it.counted.too/versions";
    String body = "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}";
    registry.call("POST", versions, body);
    registry.call("POST", versions, body);
    registry.call("POST", versions, body.replace("{}", "{"));
    registry.call("POST", versions, body.replace("JSON", "AVRO"));
    double[] after = registrations();

    assertThat(minus(between, before)).as("native").containsExactly(1, 1, 1);
    assertThat(minus(after, between)).as("Confluent's").containsExactly(1, 1, 2);

    String metrics = registry.get("/metrics").raw().body();

    assertThat(metrics)
        .contains("registry_registrations_total{outcome=\"created\"}")
        .contains("vertx_http_server_response_time_seconds_count")
        .contains("hikaricp_connections_active")
        .doesNotContain("it.counted");
  }

  /** Created, existing, rejected. */
  private double[] registrations() throws Exception {
    double[] counts = new double[3];
    List<String> outcomes = List.of("created", "existing", "rejected");
    for (int i = 0; i < counts.length; i++) {
      counts[i] = registry.metric("registry_registrations_total", "\"" + outcomes.get(i) + "\"");
    }
    return counts;
  }

  private static double[] minus(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
  }

  private Reply conditional(String path, String etag) throws IOException, InterruptedException {
    return registry.get(path, "Authorization", TestRegistry.READ, "If-None-Match", etag);
  }

  static void assertProblem(Reply reply, int status, String code) {
    assertThat(reply.status()).as(reply.raw().body()).isEqualTo(status);
    assertThat(reply.code()).as(reply.raw().body()).isEqualTo(code);
    assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(reply.json().path("detail").asString()).isNotBlank();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
