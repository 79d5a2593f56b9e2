package io.eventpipeline.edge;

import static io.eventpipeline.edge.EdgeClient.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.EventLimits;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events as large as Kafka takes them, and a byte larger, with the shipped limits. */
class LargeEventIT {
  private static final String COMPLETE =
      "{\"specversion\":\"1.0\",\"id\":\"large\",\"source\":\"/s\",\"storeid\":\"store-1\","
          + "\"time\":\"2026-11-20T10:00:00Z\",\"type\":\"cart.viewed\",\"data\":{\"n\":\"\"}}";
  private static final String BARE = COMPLETE.replace("\"specversion\":\"1.0\",", "");
  private static final String GOOD = "{\"id\":\"good\",\"type\":\"cart.viewed\",\"data\":{}}";

  private static final HeldPublisher PUBLISHER = new HeldPublisher();
  private static Edge edge;

  @BeforeAll
  static void start() {
    edge = Edge.start(TestConfig.with(), PUBLISHER, new TestKeys());
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @BeforeEach
  void acknowledgeAtOnce() {
    PUBLISHER.reset();
  }

  /** One byte too many as sent, or with what is added to an event that is just small enough. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusesATooLargeEventButNotItsNeighbour(boolean asSent) throws Exception {
    String large =
        asSent
            ? ofBytes(COMPLETE, EventLimits.EVENT_BYTES_MAX + 1)
            : ofBytes(BARE, EventLimits.EVENT_BYTES_MAX);
    String many = "[" + large + "," + GOOD + "]";
    HttpResponse<String> single = post("/v1/events", large);
    HttpResponse<String> batch = post("/v1/events/batch", many);
    JsonObject frame = frame(many);

    assertProblem(single, 413, "body_too_large");
    for (JsonObject answer : List.of(new JsonObject(batch.body()), frame)) {
      assertThat(answer.getInteger("accepted")).isEqualTo(1);
      assertThat(result(answer, 0).getString("status")).isEqualTo("invalid");
      assertThat(result(answer, 0).getString("reason")).isEqualTo("body_too_large");
      assertThat(result(answer, 0).getString("id")).isEqualTo("large");
      assertThat(result(answer, 1).getString("status")).isEqualTo("accepted");
    }
    assertThat(PUBLISHER.published()).extracting(OutgoingEvent::id).containsExactly("good", "good");
  }

  @Test
  void takesTheLargestEventOnEveryWay() throws Exception {
    String largest = ofBytes(COMPLETE, EventLimits.EVENT_BYTES_MAX);

    assertThat(post("/v1/events", largest).statusCode()).isEqualTo(202);
    assertThat(post("/v1/events/batch", "[" + largest + "]").body()).contains("\"accepted\":1");
    assertThat(frame(largest).getInteger("accepted")).isEqualTo(1);
    assertThat(PUBLISHER.published())
        .hasSize(3)
        .allSatisfy(event -> assertThat(event.value()).hasSize(EventLimits.EVENT_BYTES_MAX));
  }

  private static String ofBytes(String event, int bytes) {
    return event.replace("\"\"", "\"" + "x".repeat(bytes - event.length()) + "\"");
  }

  private static HttpResponse<String> post(String path, String body) throws Exception {
    return EdgeClient.post(edge.port(), path, "application/json", body);
  }

  private static JsonObject frame(String text) throws Exception {
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      socket.send(text);
      return socket.receiveJson();
    }
  }

  private static JsonObject result(JsonObject answer, int index) {
    return answer.getJsonArray("results").getJsonObject(index);
  }
}
