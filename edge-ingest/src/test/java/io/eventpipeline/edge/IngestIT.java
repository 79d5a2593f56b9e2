package io.eventpipeline.edge;

import static io.eventpipeline.edge.EdgeClient.assertProblem;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The REST paths over real connections, with acknowledgements under control. */
class IngestIT {
  private static final String EVENT = "{\"id\":\"%s\",\"type\":\"cart.viewed\",\"data\":{}}";
  private static final int BODY_BYTES_MAX = 100_000;
  private static final int BATCH_BYTES_MAX = 300_000;

  private static final HeldPublisher PUBLISHER = new HeldPublisher();
  private static Edge edge;

  @BeforeAll
  static void start() {
    edge =
        Edge.start(
            TestConfig.with(
                "EDGE_HTTP_BODY_BYTES_MAX", String.valueOf(BODY_BYTES_MAX),
                "EDGE_HTTP_BATCH_BYTES_MAX", String.valueOf(BATCH_BYTES_MAX),
                "EDGE_HTTP_BODIES_BYTES_MAX", String.valueOf(BATCH_BYTES_MAX),
                "EDGE_HTTP_BODY_TIMEOUT", "PT1S"),
            PUBLISHER,
            new TestKeys());
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @BeforeEach
  void acknowledgeAtOnce() {
    PUBLISHER.reset();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/events", "/events"})
  void acceptsOneEventAfterItsAcknowledgement(String path) throws Exception {
    PUBLISHER.hold();
    var answer =
        HttpClient.newHttpClient()
            .sendAsync(
                request(path, "application/json")
                    .POST(BodyPublishers.ofString(event("one")))
                    .build(),
                BodyHandlers.ofString());
    await().until(() -> PUBLISHER.waiting() == 1);
    assertThat(answer).isNotDone();
    PUBLISHER.acknowledgeAll();

    assertThat(answer.get().statusCode()).isEqualTo(202);
    JsonObject body = new JsonObject(answer.get().body());
    assertThat(body.getString("id")).isEqualTo("one");
    assertThat(body.getString("status")).isEqualTo("accepted");
    assertThat(body.getInteger("partition")).isZero();
    assertThat(body.getLong("offset")).isNotNegative();
  }

  @Test
  void addsWhatIsAbsentAndChangesNothingElse() throws Exception {
    String sent = " {\n\t\"data\": {\"price\": 19.90, \"n\":1e400}, \"type\":\"\\u0063art\" }\r\n";

    JsonObject answer = new JsonObject(post("/v1/events", "application/json", sent).body());

    OutgoingEvent event = PUBLISHER.published().get(0);
    String value = new String(event.value(), UTF_8);
    JsonObject read = new JsonObject(value);
    assertThat(value)
        .startsWith("{\"specversion\":\"1.0\",\"id\":\"")
        .endsWith(sent.strip().substring(1));
    assertThat(read.getString("id")).isEqualTo(answer.getString("id")).isEqualTo(event.id());
    assertThat(java.util.UUID.fromString(event.id()).version()).isEqualTo(7);
    assertThat(read.getString("source")).isEqualTo("/shop/web");
    assertThat(read.getString("storeid")).isEqualTo("store-1");
    assertThat(read.getInstant("time").toEpochMilli()).isEqualTo(event.receivedAtMillis());
    assertThat(new String(event.key(), UTF_8)).isEqualTo("store-1/" + event.id());
  }

  /** Each character is a byte. */
  static Stream<Arguments> badBodies() {
    return Stream.concat(
        badTexts(),
        Stream.of(
            Arguments.of(
                event("a").replace("{}", "{\"n\":\"\u00C3(\"}"), 400, "invalid_encoding")));
  }

  /** Those that a text frame can carry. */
  static Stream<Arguments> badTexts() {
    return Stream.of(
        Arguments.of("", 400, "empty_payload"),
        Arguments.of("{", 400, "malformed_json"),
        Arguments.of(event("a") + event("b"), 400, "malformed_json"),
        Arguments.of(event("a") + "x", 400, "malformed_json"),
        Arguments.of("[1]", 400, "not_an_object"),
        Arguments.of("{\"a\":1,\"\\u0061\":1}", 400, "duplicate_key"),
        Arguments.of("{\"a\":".repeat(50) + "1" + "}".repeat(50), 400, "nesting_too_deep"),
        Arguments.of("{\"data\":1}", 400, "missing_attribute"),
        Arguments.of("{\"type\":1}", 400, "invalid_attribute"),
        Arguments.of(
            event("a").replace("{\"id", "{\"dataschema\":\"schema:cart.viewed/0\",\"id"),
            400,
            "invalid_attribute"),
        Arguments.of(event("a").replace("{}", "[]"), 422, "schema_violation"),
        Arguments.of("\u00EF\u00BB\u00BF" + event("a"), 400, "invalid_encoding"),
        Arguments.of(event("a").replace("{}", "{},\"storeid\":\"store-2\""), 403, "store_mismatch"),
        Arguments.of(
            event("a").replace("{}", "{\"n\":\"" + "x".repeat(BODY_BYTES_MAX) + "\"}"),
            413,
            "body_too_large"));
  }

  @ParameterizedTest
  @MethodSource("badBodies")
  void answersBadInputWithAProblem(String body, int status, String code) throws Exception {
    HttpResponse<String> answer = post("/v1/events", "application/json", body);

    assertProblem(answer, status, code);
    assertThat(PUBLISHER.published()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("badTexts")
  void answersTheSameForAFrame(String body, int status, String code) throws Exception {
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      socket.send(RawWebSocket.TEXT, true, body.getBytes(ISO_8859_1));
      JsonObject result = socket.receiveJson().getJsonArray("results").getJsonObject(0);

      assertThat(result.getString("reason")).isEqualTo(code);
      assertThat(result.getString("status")).isEqualTo("invalid");
      assertThat(PUBLISHER.published()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/events, text/plain",
    "/v1/events, application/x-www-form-urlencoded",
    "/v1/events, application/x-ndjson",
    "/v1/events, application/json; charset=utf-16",
    "/v1/events/batch, application/cloudevents+json",
    "/v1/events/batch, text/csv"
  })
  void refusesOtherContentTypes(String path, String type) throws Exception {
    assertProblem(post(path, type, event("a")), 415, "unsupported_media_type");
  }

  @Test
  void takesBinaryModeForSingleEventsOnly() throws Exception {
    HttpResponse<String> single =
        send(
            request("/v1/events", "application/json; charset=utf-8")
                .header("Ce-SpecVersion", "1.0")
                .header("ce-type", "cart.viewed")
                .header("ce-id", "b%201"),
            "{\"type\":1}");
    HttpResponse<String> batch =
        send(request("/v1/events/batch", "application/json").header("ce-specversion", "1.0"), "{}");
    HttpResponse<String> noJson =
        send(request("/v1/events", "text/plain").header("ce-specversion", "1.0"), "{}");

    assertThat(single.statusCode()).as(single.body()).isEqualTo(202);
    assertThat(new JsonObject(single.body()).getString("id")).isEqualTo("b 1");
    assertProblem(batch, 415, "unsupported_media_type");
    assertProblem(noJson, 415, "unsupported_media_type");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/events, application/cloudevents+json, 202",
    "/v1/events, application/json; charset=UTF-8, 202",
    "/v1/events/batch, application/x-ndjson, 200",
    "/v1/events/batch, application/jsonl, 200"
  })
  void takesTheContentTypesOfOneEvent(String path, String type, int status) throws Exception {
    assertThat(post(path, type, event("a")).statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/events, application/cloudevents-batch+json",
    "/v1/events/batch, application/cloudevents-batch+json",
    "/events/batch, application/json"
  })
  void takesBatches(String path, String type) throws Exception {
    HttpResponse<String> answer = post(path, type, "[" + event("a") + "," + event("b") + "]");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(answer.body()).getInteger("accepted")).isEqualTo(2);
  }

  @Test
  void refusesEachBadEventOfABatchAlone() throws Exception {
    List<String> bad =
        badBodies()
            .map(arguments -> (String) arguments.get()[0])
            .filter(body -> !body.isBlank())
            .toList();
    String body = event("first") + "\n" + String.join("\n", bad) + "\r\n" + event("last");

    JsonObject answer =
        new JsonObject(post("/v1/events/batch", "application/x-ndjson", body).body());

    JsonArray results = answer.getJsonArray("results");
    assertThat(answer.getInteger("accepted")).isEqualTo(2);
    assertThat(answer.getInteger("rejected")).isEqualTo(bad.size());
    assertThat(results).hasSize(bad.size() + 2);
    assertThat(results.getJsonObject(0).getString("id")).isEqualTo("first");
    assertThat(results.getJsonObject(bad.size() + 1).getString("id")).isEqualTo("last");
    for (int i = 1; i <= bad.size(); i++) {
      assertThat(results.getJsonObject(i).getString("status")).isEqualTo("invalid");
      assertThat(results.getJsonObject(i).getInteger("index")).isEqualTo(i);
    }
    assertThat(PUBLISHER.published())
        .extracting(OutgoingEvent::id)
        .containsExactly("first", "last");
  }

  @Test
  void refusesABatchAsAWhole() throws Exception {
    String tooMany = String.join("\n", Collections.nCopies(1_001, event("a")));

    assertProblem(post("/v1/events/batch", "application/json", "[]"), 400, "batch_size");
    assertProblem(post("/v1/events/batch", "application/x-ndjson", tooMany), 400, "batch_size");
    assertProblem(
        post("/v1/events/batch", "application/json", "[" + event("a") + ",{]"),
        400,
        "malformed_json");
    assertProblem(
        post("/v1/events/batch", "application/json", " ".repeat(BATCH_BYTES_MAX + 1)),
        413,
        "body_too_large");
    assertThat(PUBLISHER.published()).isEmpty();
  }

  @Test
  void saysWhatToRetryWhenKafkaDoesNotTakeEvents() throws Exception {
    PUBLISHER.refuse(true);

    HttpResponse<String> single = post("/v1/events", "application/json", event("a"));
    HttpResponse<String> batch =
        post("/v1/events/batch", "application/json", "[" + event("a") + ",1]");
    HttpResponse<String> ready = EdgeClient.get(edge.port(), "/health/ready");

    assertProblem(single, 503, "unavailable");
    assertThat(single.headers().firstValue("Retry-After")).contains("1");
    assertThat(batch.statusCode()).isEqualTo(200);
    JsonArray results = new JsonObject(batch.body()).getJsonArray("results");
    assertThat(results.getJsonObject(0).getString("status")).isEqualTo("retry");
    assertThat(results.getJsonObject(1).getString("status")).isEqualTo("invalid");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(ready.body()).contains("refusing");
    assertThat(EdgeClient.get(edge.port(), "/health/live").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Nothing: 1", "Authorization: Bearer wrong", "X-Write-Key: wrong"})
  void refusesAWrongKeyBeforeTheBody(String header) throws IOException {
    String head =
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: 50\r\n"
            + header
            + "\r\n\r\n";

    String answer = exchange(head);

    assertThat(answer)
        .startsWith("HTTP/1.1 401")
        .containsIgnoringCase("connection: close")
        .contains("\"code\":\"unauthorized\"");
  }

  @Test
  void takesTheKeyFromEitherHeader() throws IOException {
    String event = event("a");
    String head = head("Connection: close\r\nContent-Length: " + event.length());

    assertThat(exchange(head + "\r\n" + event)).startsWith("HTTP/1.1 202");
  }

  @Test
  void limitsAChunkedBodyWhileItIsRead() throws IOException {
    StringBuilder request = new StringBuilder(head("Transfer-Encoding: chunked")).append("\r\n");
    String chunk = "4000\r\n" + " ".repeat(0x4000) + "\r\n";
    for (int sent = 0; sent <= BODY_BYTES_MAX; sent += 0x4000) {
      request.append(chunk);
    }

    assertThat(exchange(request.toString())).startsWith("HTTP/1.1 413").contains("body_too_large");
    await().until(() -> edge.bodies().taken() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 80", "Transfer-Encoding: chunked"})
  void givesUpOnABodyThatIsLate(String length) throws IOException {
    assertThat(exchange(head(length) + "\r\n1\r\n{\r\n"))
        .startsWith("HTTP/1.1 408")
        .contains("\"code\":\"timeout\"");
    await().until(() -> edge.bodies().taken() == 0);
  }

  @Test
  void boundsTheMemoryOfAllBodies() throws IOException {
    byte[] half =
        (head("Content-Length: " + BODY_BYTES_MAX) + "\r\n" + " ".repeat(99_000))
            .getBytes(ISO_8859_1);
    List<Socket> slow = new java.util.ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge.port());
        slow.add(socket);
        socket.getOutputStream().write(half);
      }
      await().until(() -> edge.bodies().taken() > BATCH_BYTES_MAX - 50_000);

      assertThat(exchange(head("Content-Length: 60000") + "\r\n"))
          .startsWith("HTTP/1.1 503")
          .containsIgnoringCase("retry-after: 1");
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
    await().until(() -> edge.bodies().taken() == 0);
  }

  @Test
  void forgetsABodyWhoseClientLeft() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
      socket.getOutputStream().write((head("Content-Length: 500") + "\r\n{").getBytes(UTF_8));
      await().until(() -> edge.bodies().taken() == 500);
    }
    await().until(() -> edge.bodies().taken() == 0);
  }

  @Test
  void invitesABodyThatWaits() throws IOException {
    String answer =
        exchange(head("Content-Length: 0\r\nExpect: 100-continue\r\nConnection: close") + "\r\n");

    assertThat(answer).startsWith("HTTP/1.1 100").contains("HTTP/1.1 400");
  }

  private static String head(String length) {
    return "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + "X-Write-Key: dev-write-key\r\n"
        + length
        + "\r\n";
  }

  private static HttpResponse<String> post(String path, String type, String body) throws Exception {
    return send(request(path, type), body);
  }

  private static HttpRequest.Builder request(String path, String type) {
    return EdgeClient.request(edge.port(), path, type);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request, String body)
      throws Exception {
    return EdgeClient.send(request.POST(BodyPublishers.ofString(body, ISO_8859_1)).build());
  }

  private static String exchange(String request) throws IOException {
    return EdgeClient.exchange(edge.port(), request);
  }

  private static String event(String id) {
    return EVENT.formatted(id);
  }
}
