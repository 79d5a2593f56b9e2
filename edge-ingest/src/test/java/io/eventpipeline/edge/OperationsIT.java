package io.eventpipeline.edge;

import static io.eventpipeline.edge.EdgeClient.assertProblem;
import static io.eventpipeline.edge.EdgeClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.FailureReason;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What operators and newcomers ask of both listeners. */
class OperationsIT {
  private static final String EVENT = "{\"id\":\"%s\",\"type\":\"cart.viewed\",\"data\":{}}";

  private static Edge edge;

  @BeforeAll
  static void start() {
    edge = Edge.start(TestConfig.with(), new HeldPublisher(), new TestKeys());
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @Test
  void answersWhatIsNotRoutedWithAProblem() throws Exception {
    assertProblem(get(edge.port(), "/nothing"), 404, "not_found");
    assertProblem(get(edge.port(), "/v1/events"), 405, "method_not_allowed");
    assertProblem(get(edge.port(), "/v1/events/stream"), 426, "upgrade_required");
    assertProblem(get(edge.adminPort(), "/nothing"), 404, "not_found");
  }

  @Test
  void countsWhatCameInAndWhatBecameOfIt() throws Exception {
    JsonObject before = stats();
    post("/v1/events", "application/json", event("a"));
    post("/v1/events/batch", "application/json", "[" + event("a") + "," + event("b") + ",1]");
    post("/v1/events", "application/json", "{");
    post("/v1/events", "text/plain", "{");

    JsonObject after = stats();

    assertThat(delta(after, before, "received")).isEqualTo(6);
    assertThat(delta(after, before, "accepted")).isEqualTo(3);
    assertThat(delta(after, before, "rejected")).isEqualTo(3);
    JsonObject sums = after.getJsonObject("since_start");
    assertThat(sums.getLong("received"))
        .isEqualTo(sums.getLong("accepted") + sums.getLong("rejected"));
    assertThat(sums.getJsonObject("rejected_by_reason").getLong("malformed_json")).isPositive();
    assertThat(sums.getJsonObject("ack_ms").getDouble("p99"))
        .isGreaterThanOrEqualTo(sums.getJsonObject("ack_ms").getDouble("p50"))
        .isPositive();
    assertThat(after.getJsonObject("last_minute").getLong("received")).isPositive();
    assertThat(get(edge.adminPort(), "/metrics").body())
        .contains("edge_events_accepted_total " + sums.getLong("accepted") + ".0")
        .contains("edge_events_rejected_total{reason=\"malformed_json\"}")
        .contains("edge_ack_seconds{quantile=\"0.99\"}")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void documentsItself() throws Exception {
    JsonObject document = new JsonObject(get(edge.port(), "/openapi.json").body());

    assertThat(document.getString("openapi")).startsWith("3.1");
    assertThat(document.getJsonObject("paths").fieldNames())
        .contains("/v1/events", "/v1/events/batch", "/v1/events/stream", "/v1/events/stats")
        .contains("/health", "/health/live", "/health/ready");
    String codes = document.getJsonObject("components").toString();
    for (FailureReason reason : FailureReason.values()) {
      if (reason.stage().code().equals("accept") || reason.stage().code().equals("decode")) {
        assertThat(codes).contains('"' + reason.code() + '"');
      }
    }
    for (String page :
        List.of(get(edge.port(), "/docs").body(), get(edge.adminPort(), "/").body())) {
      assertThat(page).contains("<title>").doesNotContain("http://").doesNotContain("https://");
    }
  }

  @Test
  void saysWhatIsDownWithoutBeingHeldUp() throws Exception {
    JsonObject status = new JsonObject(get(edge.adminPort(), "/pipeline/status").body());

    assertThat(status.getString("status")).isEqualTo("down");
    assertThat(status.getJsonObject("components").fieldNames())
        .containsExactly(
            "edge", "kafka", "outputs", "flink", "clickhouse", "redis", "postgres", "registry");
    assertThat(status.getJsonObject("components").getJsonObject("edge").getString("state"))
        .isEqualTo("ok");
    assertThat(status.getJsonArray("reasons").toString()).contains("kafka: ");
  }

  private static JsonObject stats() throws Exception {
    return new JsonObject(get(edge.port(), "/v1/events/stats").body());
  }

  private static long delta(JsonObject after, JsonObject before, String name) {
    return after.getJsonObject("since_start").getLong(name)
        - before.getJsonObject("since_start").getLong(name);
  }

  private static void post(String path, String type, String body) throws Exception {
    EdgeClient.post(edge.port(), path, type, body);
  }

  private static String event(String id) {
    return EVENT.formatted(id);
  }
}
