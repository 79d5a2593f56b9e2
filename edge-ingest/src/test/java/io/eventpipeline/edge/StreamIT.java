package io.eventpipeline.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.edge.RawWebSocket.Frame;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The WebSocket protocol of the stream, frame by frame, with acknowledgements under control. */
class StreamIT {
  private static final String EVENT = "{\"id\":\"%s\",\"type\":\"cart.viewed\",\"data\":{}}";
  private static final int CREDIT = 50;
  private static final int MESSAGE_BYTES_MAX = 200_000;

  private static final HeldPublisher PUBLISHER = new HeldPublisher();
  private static final TestKeys KEYS = new TestKeys();
  private static Edge edge;

  @BeforeAll
  static void start() {
    edge =
        Edge.start(
            TestConfig.with(
                "EDGE_STREAM_CREDIT_EVENTS", String.valueOf(CREDIT),
                "EDGE_STREAM_MESSAGE_BYTES_MAX", String.valueOf(MESSAGE_BYTES_MAX)),
            PUBLISHER,
            KEYS);
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @BeforeEach
  void acknowledgeAtOnce() {
    PUBLISHER.reset();
  }

  @Test
  void answersEventsAndArrays() throws IOException {
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      socket.send(event("a"));
      JsonObject one = socket.receiveJson();
      socket.send("[" + event("b") + ",{\"type\":1}," + event("c") + "]");
      JsonObject many = socket.receiveJson();

      assertThat(socket.handshake()).contains("101").contains("x-event-credit: " + CREDIT);
      assertThat(one.getLong("frame")).isZero();
      assertThat(one.getInteger("accepted")).isOne();
      assertThat(result(one, 0).getString("id")).isEqualTo("a");
      assertThat(result(one, 0).getString("status")).isEqualTo("accepted");
      assertThat(result(one, 0).getLong("offset")).isNotNull();
      assertThat(many.getInteger("accepted")).isEqualTo(2);
      assertThat(many.getInteger("rejected")).isOne();
      assertThat(result(many, 1).getString("status")).isEqualTo("invalid");
      assertThat(result(many, 1).getString("reason")).isEqualTo("invalid_attribute");
      assertThat(result(many, 2).getString("id")).isEqualTo("c");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "data, '[]', schema_violation",
    "dataschema, '\"schema:cart.removed/1\"', invalid_attribute",
    "dataschema, '\"https://x.example/cart.viewed/65536\"', invalid_attribute"
  })
  void refusesAtOnceWhatTheJobWouldRefuse(String member, String value, String reason)
      throws IOException {
    String bad =
        "{\"%s\":%s,\"type\":\"cart.viewed\"%s}"
            .formatted(member, value, member.equals("data") ? "" : ",\"data\":{}");
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      socket.send("[" + event("good") + "," + bad + "]");
      JsonObject answer = socket.receiveJson();

      assertThat(result(answer, 0).getString("status")).isEqualTo("accepted");
      assertThat(result(answer, 1).getString("status")).isEqualTo("invalid");
      assertThat(result(answer, 1).getString("reason")).isEqualTo(reason);
      assertThat(PUBLISHER.published()).hasSize(1);
    }
  }

  @Test
  void answersInTheOrderOfTheMessages() throws IOException {
    PUBLISHER.hold();
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      socket.send(event("first"));
      socket.send(event("second"));
      socket.send("no event");
      await().until(() -> PUBLISHER.waiting() == 2);
      PUBLISHER.acknowledge(1);
      PUBLISHER.acknowledge(0);

      assertThat(result(socket.receiveJson(), 0).getString("id")).isEqualTo("first");
      assertThat(result(socket.receiveJson(), 0).getString("id")).isEqualTo("second");
      assertThat(result(socket.receiveJson(), 0).getString("reason")).isEqualTo("malformed_json");
    }
  }

  @Test
  void stopsReadingWhenTheCreditIsUsedUpAndLosesNothing() throws Exception {
    PUBLISHER.hold();
    int events = 2_000;
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      CompletableFuture<Void> sender =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < events; i++) {
                  try {
                    socket.send(event("e-" + i));
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                }
              });
      await().until(() -> PUBLISHER.waiting() >= CREDIT);
      await()
          .during(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(5))
          .until(() -> PUBLISHER.waiting() == CREDIT);

      CompletableFuture<Void> acknowledger =
          CompletableFuture.runAsync(
              () -> {
                while (PUBLISHER.published().size() < events || PUBLISHER.waiting() > 0) {
                  assertThat(PUBLISHER.waiting()).isLessThanOrEqualTo(CREDIT);
                  PUBLISHER.acknowledgeAll();
                }
              });
      for (int i = 0; i < events; i++) {
        assertThat(result(socket.receiveJson(), 0).getString("id")).isEqualTo("e-" + i);
      }
      sender.join();
      acknowledger.join();
    }
  }

  @Test
  void asksToRetryWhenKafkaDoesNotTakeEvents() throws IOException {
    PUBLISHER.refuse(true);
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      socket.send(event("r"));
      JsonObject refused = socket.receiveJson();
      PUBLISHER.refuse(false);
      socket.send(event("r"));
      JsonObject accepted = socket.receiveJson();

      assertThat(result(refused, 0).getString("status")).isEqualTo("retry");
      assertThat(result(refused, 0).getString("reason")).isEqualTo("unavailable");
      assertThat(result(refused, 0).getString("id")).isEqualTo("r");
      assertThat(result(accepted, 0).getString("status")).isEqualTo("accepted");
    }
  }

  @Test
  void putsFragmentsTogetherAlsoAfterAnEmptyFirstOne() throws IOException {
    byte[] bytes = event("ä€😀").getBytes(UTF_8);
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      socket.send(RawWebSocket.TEXT, false, new byte[0]);
      for (int i = 0; i < bytes.length; i += 2) {
        byte[] part = java.util.Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + 2));
        if (i == 10) {
          socket.send(RawWebSocket.PING, true, "between".getBytes(UTF_8));
        }
        socket.send(RawWebSocket.CONTINUATION, i + 2 >= bytes.length, part);
      }
      assertThat(result(socket.receiveJson(), 0).getString("id")).isEqualTo("ä€😀");
      socket.send(event("next"));
      assertThat(result(socket.receiveJson(), 0).getString("id")).isEqualTo("next");
      assertThat(PUBLISHER.published().get(0).value())
          .endsWith(java.util.Arrays.copyOfRange(bytes, 1, bytes.length));
    }
  }

  @Test
  void closesOnTextThatIsNotUtf8() throws IOException {
    byte[] bytes = event("x?y").getBytes(UTF_8);
    bytes[event("x?y").indexOf('?')] = (byte) 0xC3;
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      socket.send(RawWebSocket.TEXT, true, bytes);

      assertThat(socket.receive().closeCode()).isEqualTo(1007);
      assertThat(PUBLISHER.published()).isEmpty();
    }
  }

  @Test
  void closesOnBinary() throws IOException {
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      socket.send(RawWebSocket.BINARY, true, event("b").getBytes(UTF_8));

      assertThat(socket.receive().closeCode()).isEqualTo(1003);
    }
  }

  @Test
  void closesOnAFrameThatIsTooLarge() throws IOException {
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      socket.head(RawWebSocket.TEXT, true, MESSAGE_BYTES_MAX + 1L);

      assertThat(socket.receive().closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void closesOnAMessageThatIsTooLarge() throws IOException {
    byte[] half = new byte[MESSAGE_BYTES_MAX / 2 + 1];
    java.util.Arrays.fill(half, (byte) ' ');
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      socket.send(RawWebSocket.TEXT, false, half);
      socket.send(RawWebSocket.CONTINUATION, true, half);

      assertThat(socket.receive().closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void closesOnAFloodOfFragments() throws IOException {
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      socket.send(RawWebSocket.TEXT, false, new byte[0]);
      for (int i = 0; i < 64; i++) {
        socket.send(RawWebSocket.CONTINUATION, false, new byte[0]);
      }

      assertThat(socket.receive().closeCode()).isEqualTo(1008);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, true", "3, true"})
  void closesOnFramesOutOfProtocol(int opcode, boolean last) throws IOException {
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      socket.send(opcode, last, "x".getBytes(UTF_8));

      assertThat(socket.receive().closeCode()).isEqualTo(1002);
    }
  }

  @Test
  void refusesTheUpgradeWithoutAValidKey() throws IOException {
    try (RawWebSocket none = RawWebSocket.open(edge.port(), "X-Nothing: 1");
        RawWebSocket wrong = RawWebSocket.open(edge.port(), "Authorization: Bearer wrong")) {
      assertThat(none.handshake()).startsWith("HTTP/1.1 401").contains("application/problem+json");
      assertThat(wrong.handshake()).isEqualTo(none.handshake());
    }
  }

  @Test
  void takesTheKeyAsSubprotocol() throws IOException {
    String offer = "Sec-WebSocket-Protocol: write-key." + TestKeys.KEY + ", other";
    try (RawWebSocket socket = RawWebSocket.open(edge.port(), offer)) {
      socket.send(event("s"));

      assertThat(socket.handshake().toLowerCase(java.util.Locale.ROOT))
          .contains("sec-websocket-protocol: write-key." + TestKeys.KEY + "\r\n");
      assertThat(socket.receiveJson().getInteger("accepted")).isOne();
    }
  }

  @Test
  void closesWhenTheKeyIsRevoked() throws IOException {
    KEYS.put("short-lived", TestKeys.STORE_1);
    try (RawWebSocket socket =
        RawWebSocket.open(edge.port(), "Authorization: Bearer short-lived")) {
      socket.send(event("before"));
      assertThat(socket.receiveJson().getInteger("accepted")).isOne();
      KEYS.revoke("short-lived");
      socket.send(event("after"));

      assertThat(socket.receive().closeCode()).isEqualTo(1008);
      assertThat(PUBLISHER.published()).hasSize(1);
    }
  }

  @Test
  void pingsAndClosesAPeerThatIsSilent() throws IOException {
    EdgeConfig impatient = TestConfig.with("EDGE_STREAM_PING_INTERVAL", "PT1S");
    try (Edge own = Edge.start(impatient, new HeldPublisher(), new TestKeys());
        RawWebSocket silent = RawWebSocket.open(own.port());
        RawWebSocket alive = RawWebSocket.open(own.port())) {
      CompletableFuture<Integer> pings = new CompletableFuture<>();
      Thread answering =
          new Thread(
              () -> {
                int seen = 0;
                try {
                  while (seen < 4) {
                    if (alive.receiveAny().opcode() == RawWebSocket.PING) {
                      seen++;
                      alive.send(RawWebSocket.PONG, true, new byte[0]);
                    }
                  }
                  pings.complete(seen);
                } catch (IOException e) {
                  pings.completeExceptionally(e);
                }
              });
      answering.start();

      assertThat(silent.receive().closeCode()).isEqualTo(1001);
      assertThat(pings.join()).isEqualTo(4);
    }
  }

  @Test
  void answersPings() throws IOException {
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      socket.send(RawWebSocket.PING, true, "hello".getBytes(UTF_8));
      Frame frame = socket.receiveAny();
      while (frame.opcode() == RawWebSocket.PING) {
        frame = socket.receiveAny();
      }

      assertThat(frame.opcode()).isEqualTo(RawWebSocket.PONG);
      assertThat(frame.text()).isEqualTo("hello");
    }
  }

  @Test
  void answersWhatWasReadAndClosesWhenTheEdgeStops() throws IOException {
    HeldPublisher publisher = new HeldPublisher();
    publisher.hold();
    Edge stopping = Edge.start(TestConfig.with(), publisher, new TestKeys());
    try (RawWebSocket socket = RawWebSocket.open(stopping.port())) {
      socket.send(event("last"));
      await().until(() -> publisher.waiting() == 1);
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(stopping::close);
      await().until(() -> !stopping.health().reasons().isEmpty());
      publisher.acknowledgeAll();

      assertThat(result(socket.receiveJson(), 0).getString("id")).isEqualTo("last");
      assertThat(socket.receive().closeCode()).isEqualTo(1001);
      socket.send(RawWebSocket.CLOSE, true, new byte[] {3, (byte) 0xE9});
      assertThat(stopped).succeedsWithin(Duration.ofSeconds(9));
    }
  }

  private static String event(String id) {
    return EVENT.formatted(id);
  }

  private static JsonObject result(JsonObject answer, int index) {
    return answer.getJsonArray("results").getJsonObject(index);
  }
}
