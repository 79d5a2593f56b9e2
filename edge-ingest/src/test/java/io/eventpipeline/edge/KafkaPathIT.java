package io.eventpipeline.edge;

import static io.eventpipeline.edge.EdgeClient.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.migrate.Migrations;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The edge on a real broker and a real Postgres: what an acknowledgement is worth. */
@WithServices({Server.KAFKA, Server.POSTGRES})
class KafkaPathIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ServiceKit kit;
  private final RawTopic topic;
  private Edge edge;

  KafkaPathIT(ServiceKit kit) {
    this.kit = kit;
    this.topic = new RawTopic(kit.kafka().bootstrapServers());
  }

  @BeforeAll
  static void prepare(ServiceKit kit) throws Exception {
    new RawTopic(kit.kafka().bootstrapServers()).create();
    Migrations.postgres(
        kit.postgres().jdbcUrl("event_pipeline"),
        kit.postgres().user(),
        kit.postgres().password(),
        true);
  }

  @BeforeEach
  void start() {
    edge = Edge.start(config());
    awaitReady();
  }

  @AfterEach
  void stop() {
    edge.close();
  }

  @Test
  void storesTheAcknowledgedBytesAtTheToldPlace() throws Exception {
    String sent = " {\"type\":\"cart.viewed\", \"cartid\":\"c-7\",\"data\":{\"price\": 1.50}} ";

    HttpResponse<String> answer = post("/v1/events", "application/json", sent);

    assertThat(answer.statusCode()).isEqualTo(202);
    JsonObject ack = new JsonObject(answer.body());
    ConsumerRecord<byte[], byte[]> record =
        topic.recordAt(ack.getInteger("partition"), ack.getLong("offset"));
    String value = new String(record.value(), UTF_8);
    assertThat(value).endsWith(sent.strip().substring(1));
    assertThat(new JsonObject(value).getString("id")).isEqualTo(ack.getString("id"));
    assertThat(new String(record.key(), UTF_8)).isEqualTo("store-1/c-7");
    assertThat(new JsonObject(value).getInstant("time").toEpochMilli())
        .isEqualTo(record.timestamp());
    assertThat(record.headers()).isEmpty();
    assertThat(topic.isNumbered(record)).as("producer is idempotent, so acks=all").isTrue();
  }

  @Test
  void storesAnEventOfBinaryModeAsTheStructuredOne() throws Exception {
    String data = " {\"price\": 1.50,\t\"n\":1e400, \"t\":\"\u20ac\"}\n";

    HttpResponse<String> answer =
        EdgeClient.send(
            EdgeClient.request(edge.port(), "/v1/events", "application/json")
                .header("ce-specversion", "1.0")
                .header("ce-type", "cart.viewed")
                .header("ce-id", "b-1")
                .header("ce-cartid", "c-7")
                .header("ce-subject", "Euro%20%E2%82%AC %F0%9F%98%80 100%25")
                .header("ce-traceparent", "\"00-\\\"1\"")
                .POST(BodyPublishers.ofString(data))
                .build());

    JsonObject ack = new JsonObject(answer.body());
    ConsumerRecord<byte[], byte[]> record =
        topic.recordAt(ack.getInteger("partition"), ack.getLong("offset"));
    String value = new String(record.value(), UTF_8);
    assertThat(value).endsWith(",\"data\":" + data + "}");
    JsonObject attributes =
        new JsonObject(value.substring(0, value.length() - data.length() - 1) + "{}}");
    assertThat(attributes.getInstant("time").toEpochMilli()).isEqualTo(record.timestamp());
    attributes.remove("time");
    assertThat(attributes)
        .isEqualTo(
            new JsonObject()
                .put("source", "/shop/web")
                .put("storeid", "store-1")
                .put("datacontenttype", "application/json")
                .put("specversion", "1.0")
                .put("type", "cart.viewed")
                .put("id", "b-1")
                .put("cartid", "c-7")
                .put("subject", "Euro \u20ac \ud83d\ude00 100%")
                .put("traceparent", "00-\"1")
                .put("data", new JsonObject()));
    assertThat(new String(record.key(), UTF_8)).isEqualTo("store-1/c-7");
  }

  @Test
  void storesWhatABatchAndAFrameAccept() throws Exception {
    String batch =
        "["
            + AckedLoad.event("b-1", "c-1")
            + ",{\"type\":1},"
            + AckedLoad.event("b-2", "c-2")
            + "]";

    JsonObject overHttp =
        new JsonObject(post("/v1/events/batch", "application/json", batch).body());
    JsonObject overSocket;
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      socket.send(batch.replace("b-", "w-"));
      overSocket = socket.receiveJson();
    }

    for (JsonObject answer : List.of(overHttp, overSocket)) {
      assertThat(answer.getInteger("accepted")).isEqualTo(2);
      for (int i : new int[] {0, 2}) {
        JsonObject result = answer.getJsonArray("results").getJsonObject(i);
        byte[] value =
            topic.recordAt(result.getInteger("partition"), result.getLong("offset")).value();
        assertThat(new JsonObject(new String(value, UTF_8)).getString("id"))
            .isEqualTo(result.getString("id"));
      }
    }
  }

  @Test
  void keepsTheOrderOfOneCart() throws Exception {
    List<JsonObject> answers = new ArrayList<>();
    try (RawWebSocket socket = RawWebSocket.open(edge.port())) {
      for (int i = 0; i < 500; i++) {
        socket.send(AckedLoad.event("o-" + i, "cart"));
      }
      for (int i = 0; i < 500; i++) {
        answers.add(socket.receiveJson().getJsonArray("results").getJsonObject(0));
      }
    }

    long before = -1;
    for (int i = 0; i < 500; i++) {
      assertThat(answers.get(i).getString("id")).isEqualTo("o-" + i);
      assertThat(answers.get(i).getInteger("partition"))
          .isEqualTo(answers.get(0).getInteger("partition"));
      assertThat(answers.get(i).getLong("offset")).isGreaterThan(before);
      before = answers.get(i).getLong("offset");
    }
  }

  @Test
  void refusesAKeySoonAfterItIsRevoked() throws Exception {
    String insert =
        "INSERT INTO write_key (key_sha256, store_id, source)"
            + " VALUES (encode(sha256('k-1'), 'hex'), 'store-9', '/nine')"
            + " ON CONFLICT (key_sha256) DO UPDATE SET revoked_at = NULL";
    sql(insert);
    await().atMost(LONG).until(() -> statusWith("k-1") == 202);

    sql("UPDATE write_key SET revoked_at = now() WHERE store_id = 'store-9'");

    await().atMost(LONG).until(() -> statusWith("k-1") == 401);
  }

  @Test
  void goesOnWithTheKnownKeysWhilePostgresIsDown() throws Exception {
    kit.postgres().kill();
    try {
      await()
          .during(Duration.ofSeconds(2))
          .atMost(LONG)
          .until(() -> statusWith(TestKeys.KEY) == 202);
      assertThat(get(edge.port(), "/health/ready").statusCode()).isEqualTo(200);
    } finally {
      kit.postgres().restart();
    }
  }

  @Test
  void neverAcknowledgesWhatABrokerThatIsKilledDidNotStore() throws Exception {
    withLoad(
        acked -> {
          await().atMost(LONG).until(() -> acked.size() > 2_000);
          kit.kafka().kill();
          await("a refusal while the broker is away")
              .atMost(LONG)
              .until(() -> edge.stats().totals().rejected().values().stream().anyMatch(n -> n > 0));
          kit.kafka().restart();
          int before = acked.size();
          await().atMost(LONG).until(() -> acked.size() > before + 2_000);
        });
  }

  @Test
  void staysWithinItsMemoryWhileTheBrokerHangs() throws Exception {
    withLoad(
        acked -> {
          await().atMost(LONG).until(() -> acked.size() > 2_000);
          long heapBefore = heapInUse();
          kit.kafka().pause();
          try {
            AtomicBoolean over = new AtomicBoolean();
            await()
                .atMost(LONG)
                .until(
                    () -> {
                      over.compareAndSet(false, edge.publisher().inFlightBytes() > 2_100_000);
                      return edge.stats().totals().rejected().values().stream()
                          .anyMatch(n -> n > 5_000);
                    });
            assertThat(over).isFalse();
            assertThat(heapInUse() - heapBefore).isLessThan(50_000_000);
            assertThat(get(edge.port(), "/health/live").statusCode()).isEqualTo(200);
            await().atMost(LONG).until(() -> get(edge.port(), "/health/ready").statusCode() == 503);
            HttpResponse<String> refused =
                post("/v1/events", "application/json", AckedLoad.event("p", "p"));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
          } finally {
            kit.kafka().resume();
          }
          int before = acked.size();
          await().atMost(LONG).until(() -> acked.size() > before + 2_000);
        });
  }

  @Test
  void reportsEveryHop() throws Exception {
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> {
              JsonObject status = new JsonObject(get(edge.adminPort(), "/pipeline/status").body());
              JsonObject components = status.getJsonObject("components");
              assertThat(status.getString("status")).isEqualTo("degraded");
              for (String up : List.of("edge", "kafka", "postgres")) {
                assertThat(components.getJsonObject(up).getString("state")).isEqualTo("ok");
              }
              for (String down : List.of("flink", "clickhouse", "redis", "registry")) {
                assertThat(components.getJsonObject(down).getString("state")).isEqualTo("down");
              }
              assertThat(components.getJsonObject("kafka").getInteger("partitions"))
                  .isEqualTo(RawTopic.PARTITIONS);
            });
  }

  /** Sends during the scenario; then every acknowledged id must be stored, where it was told. */
  private void withLoad(AckedLoad.Scenario scenario) throws Exception {
    new AckedLoad(edge.port(), topic).during(scenario);
    awaitReady();
  }

  private static long heapInUse() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private EdgeConfig config() {
    return TestConfig.with(
        "EDGE_KAFKA_BOOTSTRAP_SERVERS", kit.kafka().bootstrapServers(),
        "EDGE_KAFKA_IN_FLIGHT_EVENTS_MAX", "5000",
        "EDGE_KAFKA_IN_FLIGHT_BYTES_MAX", "2000000",
        "EDGE_KAFKA_BUFFER_BYTES", "8000000",
        "EDGE_KAFKA_REQUEST_TIMEOUT", "PT2S",
        "EDGE_KAFKA_DELIVERY_TIMEOUT", "PT4S",
        "EDGE_KEYS_POSTGRES_URL", kit.postgres().jdbcUrl("event_pipeline"),
        "EDGE_KEYS_USER", kit.postgres().user(),
        "EDGE_KEYS_PASSWORD", kit.postgres().password(),
        "EDGE_KEYS_REFRESH", "PT0.5S",
        "EDGE_STATUS_FLINK_URL", "http://localhost:1",
        "EDGE_STATUS_CLICKHOUSE_URL", "http://localhost:1",
        "EDGE_STATUS_REGISTRY_URL", "http://localhost:1",
        "EDGE_STATUS_REDIS_PORT", "1");
  }

  private void awaitReady() {
    await().atMost(LONG).until(() -> get(edge.port(), "/health/ready").statusCode() == 200);
  }

  private int statusWith(String key) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + edge.port() + "/v1/events"))
            .header("X-Write-Key", key)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"type\":\"cart.viewed\",\"data\":{}}"))
            .build();
    return EdgeClient.send(request).statusCode();
  }

  private HttpResponse<String> post(String path, String type, String body) throws Exception {
    return EdgeClient.post(edge.port(), path, type, body);
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                kit.postgres().jdbcUrl("event_pipeline"),
                kit.postgres().user(),
                kit.postgres().password());
        Statement run = connection.createStatement()) {
      run.execute(statement);
    }
  }
}
