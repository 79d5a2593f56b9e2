package io.eventpipeline.edge;

import static io.eventpipeline.edge.EdgeClient.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.contract.Topics;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator sees of a transaction that stays open. */
@WithServices(Server.KAFKA)
class OutputsIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int TRANSACTION_MILLIS = 8_000; // degraded after 2 s

  private final String topic = Topics.route("outputs-" + UUID.randomUUID());
  private final Map<String, Object> kafka;
  private Edge edge;

  OutputsIT(ServiceKit kit) {
    kafka = Map.of("bootstrap.servers", kit.kafka().bootstrapServers());
  }

  @BeforeEach
  void start() throws Exception {
    try (Admin admin = Admin.create(kafka)) {
      admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
    }
    edge =
        Edge.start(
            TestConfig.with(
                "EDGE_KAFKA_BOOTSTRAP_SERVERS",
                (String) kafka.get("bootstrap.servers"),
                "EDGE_STATUS_TIMEOUT",
                "PT10S",
                "EDGE_STATUS_MAX_AGE",
                "PT0.1S"),
            new HeldPublisher(),
            new TestKeys());
  }

  @AfterEach
  void stop() {
    edge.close();
  }

  @Test
  void showsWhatReadersWaitForAndWarnsInTime() throws Exception {
    try (var producer = producer()) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int i = 0; i < 3; i++) {
        producer.send(new ProducerRecord<>(topic, i % 2, null, "record " + i)).get();
      }

      await()
          .atMost(LONG)
          .ignoreExceptions() // before it was looked at
          .untilAsserted(() -> assertThat(ofTopic().getLong("records")).isEqualTo(3));
      assertThat(ofTopic().getLong("age_ms")).isBetween(0L, LONG.toMillis());
      await()
          .atMost(LONG)
          .untilAsserted(
              () ->
                  assertThat(outputs().getString("reason"))
                      .contains("wait for transaction " + topic)
                      .contains("aborts it after 8 s"));
      assertThat(outputs().getString("state")).isEqualTo("degraded");
      assertThat(outputs().getLong("oldest_transaction_ms")).isGreaterThan(TRANSACTION_MILLIS / 4);
      assertThat(metric("pipeline_output_held_records")).isEqualTo(3);
      assertThat(metric("pipeline_output_held_seconds")).isGreaterThan(1);
    } // aborts it

    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(ofTopic())
                    .isEqualTo(new JsonObject().put("records", 0).put("age_ms", 0)));
    assertThat(outputs().getString("state")).isEqualTo("ok");
    assertThat(metric("pipeline_output_held_seconds")).isZero();
  }

  private KafkaProducer<String, String> producer() {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topic);
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
    return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  private JsonObject outputs() throws Exception {
    return new JsonObject(get(edge.adminPort(), "/pipeline/status").body())
        .getJsonObject("components")
        .getJsonObject("outputs");
  }

  private JsonObject ofTopic() throws Exception {
    return outputs().getJsonObject("topics").getJsonObject(topic);
  }

  private double metric(String name) throws Exception {
    String line = name + "{topic=\"" + topic + "\"} ";
    return get(edge.adminPort(), "/metrics")
        .body()
        .lines()
        .filter(one -> one.startsWith(line))
        .mapToDouble(one -> Double.parseDouble(one.substring(line.length())))
        .sum();
  }
}
