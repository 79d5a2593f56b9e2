package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.contract.Topics;
import io.eventpipeline.services.PostgresServer;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One job through good and bad days; each test leaves it running. */
@WithServices({Server.KAFKA, Server.REDIS, Server.POSTGRES, Server.CLICKHOUSE})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PipelineIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Another run on the same servers must not find this run's identities. */
  private static final String RUN = UUID.randomUUID().toString().substring(0, 8);

  @TempDir static Path folder;
  private static RunningJob job;

  @BeforeAll
  static void start(ServiceKit kit) throws Exception {
    job = RunningJob.start(kit, folder);
  }

  @AfterAll
  static void stop() throws Exception {
    if (job != null) {
      job.close();
    }
  }

  @Test
  @Order(1)
  void enrichesFromPostgresAndLeavesTheAnswerInRedis() throws Exception {
    String id = send("u-42", "order.completed", ORDER);

    JsonNode enrichment = enriched(id).path("enrichment");
    assertThat(enrichment.path("profile").path("status").asString()).isEqualTo("hit");
    assertThat(enrichment.path("profile").path("segment").asString()).isNotEmpty();
    assertThat(enrichment.path("store").path("time_zone").asString()).isEqualTo("Europe/Berlin");
    assertThat(enrichment.path("session").path("event_index").asInt()).isEqualTo(1);
    try (RedisClient redis = RedisClient.create(job.kit.redis().host(), job.kit.redis().port())) {
      assertThat(redis.get("user_profile:u-42")).contains("lifetime_value_e4");
      assertThat(redis.get("store_config:store-1")).contains("Europe/Berlin");
      assertThat(redis.ttl("user_profile:u-42")).isBetween(1L, 600L);
    }
    awaitSql(
        "SELECT store_time_zone FROM events.events_processed WHERE event_id = '" + id + "'",
        "Europe/Berlin");
    awaitSql("SELECT count() FROM events.events_raw WHERE event_id = '" + id + "'", "1");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        postgres(
                            "SELECT count(*) FROM user_purchase WHERE event_id = '" + id + "'"))
                    .isEqualTo("1"));
    assertThat(postgres("SELECT last_seen IS NOT NULL FROM user_profile WHERE user_id = 'u-42'"))
        .isEqualTo("t");
  }

  @Test
  @Order(2)
  void putsJunkIntoTheDeadLettersWithItsPlace() throws Exception {
    byte[] noise = new byte[900_000];
    new Random(3).nextBytes(noise);
    byte[] valid = bytes(id(), "u-1", "product.viewed", "{\"sku\":\"A\"}");
    IdentityHashMap<byte[], FailureReason> junk = new IdentityHashMap<>();
    junk.put(new byte[0], FailureReason.EMPTY_PAYLOAD);
    junk.put(Arrays.copyOf(valid, valid.length - 7), FailureReason.MALFORMED_JSON);
    junk.put(
        new String(valid, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16LE),
        FailureReason.INVALID_ENCODING);
    junk.put(noise, FailureReason.INVALID_ENCODING);
    junk.put(
        "{\"a\":".repeat(100_000).getBytes(StandardCharsets.UTF_8), FailureReason.NESTING_TOO_DEEP);
    junk.put(bytes(id(), "u-1", "cart.exploded", "{}"), FailureReason.UNKNOWN_TYPE);
    junk.put(bytes(id(), "u-1", "cart.item_added", "{\"sku\":1}"), FailureReason.SCHEMA_VIOLATION);
    Map<String, FailureReason> places = new HashMap<>();
    Map<String, byte[]> payloads = new HashMap<>();
    RecordMetadata withoutValue = job.send(null).get();
    places.put(place(withoutValue), FailureReason.EMPTY_PAYLOAD);
    payloads.put(place(withoutValue), new byte[0]);
    for (Map.Entry<byte[], FailureReason> one : junk.entrySet()) {
      String place = place(job.send(one.getKey()).get());
      places.put(place, one.getValue());
      payloads.put(place, one.getKey());
    }

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(deadLetters().keySet()).containsAll(places.keySet()));
    Map<String, ConsumerRecord<byte[], byte[]>> dead = deadLetters();
    places.forEach(
        (place, reason) -> {
          assertThat(header(dead.get(place), "dlq_reason")).as(place).isEqualTo(reason.code());
          assertThat(header(dead.get(place), "dlq_stage")).isEqualTo(reason.stage().code());
          assertThat(header(dead.get(place), "dlq_detail")).isNotEmpty();
          assertThat(dead.get(place).value()).isEqualTo(payloads.get(place));
          String[] parts = place.split("/", -1);
          awaitSql(
              "SELECT reason, length(payload) FROM events.events_errors WHERE topic = '%s' AND src_partition = %s AND src_offset = %s"
                  .formatted(parts[0], parts[1], parts[2]),
              reason.code() + "\t" + payloads.get(place).length);
        });
    assertThat(job.restarts()).isZero();
  }

  @Test
  @Order(3)
  void writesEventsOfAnOldVersionInTheShapeOfTheNewOne() throws Exception {
    String type = "wish.added-" + RUN;
    job.registry(
        "PUT", "/config/" + type, "{\"compatibility\":\"BACKWARD\",\"acceptMigrations\":true}");
    job.registry(
        "POST",
        "/schemas",
        "{\"type\":\"%s\",\"schema\":{\"type\":\"object\",\"required\":[\"cents\"],\"examples\":[{\"cents\":1}]}}"
            .formatted(type));
    job.registry(
        "POST",
        "/schemas",
        "{\"type\":\"%s\",\"schema\":{\"type\":\"object\",\"required\":[\"price\"]},\"migration\":\"cents = 13 ? $error('unlucky') : {'price': cents / 100}\"}"
            .formatted(type));

    // Each subtask looks for news every 5 s
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> probes(type).stream().allMatch(probe -> probe.path("data").has("price")));

    String id = id();
    byte[] old = naming(type, 1, bytes(id, "u-1", type, "{\"cents\":1990}"));
    var sent = job.send(old);
    var unlucky = job.send(naming(type, 1, bytes(id(), "u-1", type, "{\"cents\":13}"))).get();
    String newest = id();
    var another = job.send(naming(type, 2, bytes(newest, "u-1", type, "{\"price\":5}")));

    JsonNode enriched = enriched(id);
    assertThat(enriched.path("data").toString()).isEqualTo("{\"price\":19.9}");
    assertThat(enriched.path("dataschema").asString()).isEqualTo("schema:" + type + "/2");
    assertThat(job.committed(Topics.VALIDATED))
        .filteredOn(record -> Arrays.equals(record.value(), old))
        .extracting(record -> header(record, "schema_version"))
        .containsExactly("1");
    String versions =
        "SELECT schema_version, event_schema_version, data.price::Float64 FROM events.processed WHERE event_id = ";
    awaitSql(versions + "'" + id + "'", "2\t1\t19.9");
    awaitSql(versions + "'" + newest + "'", "2\t2\t5");
    awaitSql(
        "SELECT reason, schema_version, detail LIKE '%%unlucky%%' FROM events.errors WHERE src_partition = %d AND src_offset = %d"
            .formatted(unlucky.partition(), unlucky.offset()),
        "migration_failed\t1\t1");
    assertThat(sent.get().offset()).isNotNegative();
    assertThat(another.get().offset()).isNotNegative();
    assertThat(job.restarts()).isZero();
  }

  /** Flink alone would commit them with the next event, or ten seconds after the last one. */
  @Test
  @Order(6)
  void commitsOffsetsWithTheCheckpointAlthoughNothingMoreComes() throws Exception {
    String id = id();
    RecordMetadata last = job.send(bytes(id, "u-1", "product.viewed", "{\"sku\":\"A\"}")).get();
    enriched(id);

    await().atMost(Duration.ofSeconds(6)).until(() -> offset(last) == last.offset() + 1);
  }

  /** What the job committed for the record's partition. */
  private static long offset(RecordMetadata record) throws Exception {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", job.kit.kafka().bootstrapServers()))) {
      return admin
          .listConsumerGroupOffsets("event-pipeline")
          .partitionsToOffsetAndMetadata()
          .get()
          .get(new TopicPartition(record.topic(), record.partition()))
          .offset();
    }
  }

  /** What becomes of some events of version 1, of which every subtask gets its share. */
  private static List<JsonNode> probes(String type) {
    List<String> ids = Stream.generate(PipelineIT::id).limit(16).toList();
    for (String id : ids) {
      var unused = job.send(naming(type, 1, bytes(id, "u-1", type, "{\"cents\":1}")));
    }
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                job.committed(Topics.ENRICHED).stream()
                    .map(record -> JsonMapper.shared().readTree(record.value()))
                    .filter(json -> ids.contains(json.path("id").asString()))
                    .toList(),
            found -> found.size() == ids.size());
  }

  private static byte[] naming(String type, int version, byte[] event) {
    return TestEvents.bytes(
        new String(event, StandardCharsets.UTF_8)
            .replace(
                "\"storeid\"",
                "\"dataschema\":\"schema:%s/%d\",\"storeid\"".formatted(type, version)));
  }

  @Test
  @Order(4)
  void goesOnWithoutRedisAndWithoutPostgres() throws Exception {
    send("u-50", "product.viewed", "{\"sku\":\"A\"}");
    job.kit.redis().kill();
    assertThat(profileStatus(send("u-51", "product.viewed", "{\"sku\":\"A\"}"))).isEqualTo("hit");

    job.kit.postgres().kill();
    assertThat(profileStatus(send("u-52", "product.viewed", "{\"sku\":\"A\"}")))
        .isEqualTo("unavailable");
    assertThat(profileStatus(send("u-51", "product.viewed", "{\"sku\":\"A\"}")))
        .isIn("hit", "stale");

    job.kit.redis().start();
    job.kit.postgres().start();
    await()
        .atMost(PATIENCE)
        .until(
            () -> profileStatus(send("u-53", "product.viewed", "{\"sku\":\"A\"}")).equals("hit"));
    assertThat(profileStatus(send("nobody", "product.viewed", "{\"sku\":\"A\"}")))
        .isEqualTo("miss");
    assertThat(job.restarts()).isZero();
  }

  @Test
  @Order(5)
  void sendsEachEventOnceThoughATaskManagerIsLost() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 4_000; i++) {
        ids.add(send("u-" + i % 100, "product.viewed", "{\"sku\":\"A\"}"));
        if (i % 10 == 0) { // a duplicate
          var unused =
              job.send(
                  bytes(
                      ids.get(ids.size() - 1),
                      "u-" + i % 100,
                      "product.viewed",
                      "{\"sku\":\"A\"}"));
        }
      }
      awaitSql(
          "SELECT uniqExact(event_id) > %d FROM events.events_processed WHERE source = '%s'"
              .formatted(ids.size() - 4_000, RUN),
          "1");
      job.replaceTaskManager();
    }

    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> enrichedIds().keySet().containsAll(ids));
    Map<String, Long> counts = enrichedIds();
    assertThat(ids).allSatisfy(id -> assertThat(counts.get(id)).isEqualTo(1));
    String processed = "FROM events.events_processed WHERE source = '" + RUN + "'";
    awaitSql("SELECT count() " + processed, String.valueOf(counts.size()));
    awaitSql("SELECT uniqExact(event_id) " + processed, String.valueOf(counts.size()));
    assertThat(job.restarts()).isPositive();
  }

  private static final String ORDER =
      "{\"order_id\":\"o-1\",\"items\":[{\"sku\":\"A\",\"quantity\":1,\"unit_price\":5}],\"total\":5,\"currency\":\"EUR\"}";

  private static String id() {
    return UUID.randomUUID().toString();
  }

  private static String send(String user, String type, String data) {
    String id = id();
    var unused = job.send(bytes(id, user, type, data)); // read from the topic by who needs it
    return id;
  }

  private static byte[] bytes(String id, String user, String type, String data) {
    // A duplicate has the same type and data; its time may differ
    return TestEvents.bytes(
        TestEvents.envelope(id, type, "s-" + id, Instant.now(), data)
            .replace("u-42", user)
            .replace("/shop/web", RUN));
  }

  private static JsonNode enriched(String id) {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                job.committed(Topics.ENRICHED).stream()
                    .map(record -> JsonMapper.shared().readTree(record.value()))
                    .filter(json -> json.path("id").asString().equals(id))
                    .findFirst()
                    .orElse(null),
            Objects::nonNull);
  }

  private static String profileStatus(String id) {
    return enriched(id).path("enrichment").path("profile").path("status").asString();
  }

  private static Map<String, Long> enrichedIds() {
    return job.committed(Topics.ENRICHED).stream()
        .map(record -> JsonMapper.shared().readTree(record.value()))
        .filter(json -> json.path("source").asString().equals(RUN))
        .collect(Collectors.groupingBy(json -> json.path("id").asString(), Collectors.counting()));
  }

  private static Map<String, ConsumerRecord<byte[], byte[]>> deadLetters() {
    return job.committed(Topics.DEAD_LETTERS).stream()
        .collect(
            Collectors.toMap(
                record ->
                    header(record, "dlq_topic")
                        + "/"
                        + header(record, "dlq_partition")
                        + "/"
                        + header(record, "dlq_offset"),
                record -> record));
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static String place(RecordMetadata sent) {
    return sent.topic() + "/" + sent.partition() + "/" + sent.offset();
  }

  private static void awaitSql(String query, String expected) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .untilAsserted(() -> assertThat(job.sql(query)).as(query).isEqualTo(expected));
  }

  private static String postgres(String query) throws SQLException {
    PostgresServer server = job.kit.postgres();
    try (Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl(PostgresServer.DATABASE), server.user(), server.password());
        ResultSet rows = connection.createStatement().executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
