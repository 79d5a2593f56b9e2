package io.eventpipeline.services;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** What every way to run the four servers must offer, seen through their real clients. */
abstract class ServerContract {
  private final HttpClient http = HttpClient.newHttpClient();

  /** A kit with Kafka, Redis, Postgres and ClickHouse, all of them running. */
  abstract ServiceKit kit();

  @Test
  void kafkaKeepsAcknowledgedRecordsWhenKilled() throws Exception {
    KafkaBroker kafka = kit().kafka();
    int port = kafka.port();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get();
    }
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>("kept", "key", "value")).get();
    }

    killAndStart(kafka);

    assertThat(kafka.port()).isEqualTo(port);
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()),
            new StringDeserializer(),
            new StringDeserializer())) {
      var partition = new TopicPartition("kept", 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      var records = consumer.poll(Duration.ofSeconds(20)).records(partition);
      assertThat(records).extracting(r -> r.value()).containsExactly("value");
    }
  }

  @Test
  void kafkaAllowsTransactionsOfOneHour() {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                kit().kafka().bootstrapServers(),
                "transactional.id",
                "contract",
                "transaction.timeout.ms",
                3_600_000),
            new StringSerializer(),
            new StringSerializer())) {
      producer.initTransactions(); // the broker refuses a timeout above its maximum here
    }
  }

  @Test
  void redisKeepsKeysWhenKilled() {
    RedisServer redis = kit().redis();
    try (var client = RedisClient.create(redis.host(), redis.port())) {
      client.set("kept", "value");
    }

    killAndStart(redis);

    try (var client = RedisClient.create(redis.host(), redis.port())) {
      assertThat(client.get("kept")).isEqualTo("value");
      assertThat(client.configGet("maxmemory")).containsEntry("maxmemory", "134217728");
    }
  }

  @Test
  void postgresKeepsCommittedRowsWhenKilled() throws SQLException {
    PostgresServer postgres = kit().postgres();
    try (Connection connection = connect(postgres);
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS kept");
      statement.execute("CREATE TABLE kept AS SELECT 'value' AS v");
      // A second, idle connection has a process of its own, which must go too
      connect(postgres).createStatement().execute("SELECT 1");
    }

    postgres.pause(); // so that no process sees by itself that its parent died
    killAndStart(postgres);

    try (Connection connection = connect(postgres)) {
      assertThat(ask(connection, "SELECT v FROM kept")).isEqualTo("value");
      assertThat(ask(connection, "SHOW max_prepared_transactions")).isEqualTo("32");
    }
  }

  @Test
  void clickHouseKeepsRowsWhenKilled() throws Exception {
    ClickHouseServer clickhouse = kit().clickhouse();
    query(clickhouse, "admin", "CREATE DATABASE IF NOT EXISTS events_kept ENGINE = Atomic");
    query(clickhouse, "admin", "DROP TABLE IF EXISTS events_kept.t SYNC");
    query(
        clickhouse,
        "admin",
        "CREATE TABLE events_kept.t (v String, d JSON) ENGINE = MergeTree ORDER BY v");
    String inserted =
        query(clickhouse, "pipeline", "INSERT INTO events_kept.t VALUES ('value', '{\"a\":1}')");
    assertThat(inserted).isEmpty();

    killAndStart(clickhouse);

    assertThat(query(clickhouse, "analyst", "SELECT v, d.a FROM events_kept.t"))
        .isEqualTo("value\t1\n");
  }

  @Test
  void clickHouseLetsTheAnalystReadAndNothingElse() throws Exception {
    ClickHouseServer clickhouse = kit().clickhouse();
    query(clickhouse, "admin", "CREATE DATABASE IF NOT EXISTS events_read ENGINE = Atomic");
    query(
        clickhouse,
        "admin",
        "CREATE TABLE IF NOT EXISTS events_read.t (v Int32) ENGINE = MergeTree ORDER BY v");

    assertThat(
            query(
                clickhouse,
                "analyst",
                "SELECT count() FROM events_read.t SETTINGS max_threads = 1"))
        .isEqualTo("0\n");
    for (String refused :
        List.of(
            "INSERT INTO events_read.t VALUES (1)",
            "DROP TABLE events_read.t",
            "SELECT * FROM file('/etc/hostname', 'LineAsString')",
            "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
            "SELECT * FROM system.query_log",
            "SELECT 1 SETTINGS readonly = 0")) {
      assertThat(query(clickhouse, "analyst", refused)).as(refused).contains("DB::Exception");
    }
    assertThat(query(clickhouse, "pipeline", "DROP TABLE events_read.t"))
        .contains("Not enough privileges");
  }

  @Test
  void clickHouseLetsTheRegistryAddColumnsAndReplaceViewsAndNothingElse() throws Exception {
    ClickHouseServer clickhouse = kit().clickhouse();
    query(clickhouse, "admin", "CREATE DATABASE IF NOT EXISTS events ENGINE = Atomic");
    query(
        clickhouse,
        "admin",
        "CREATE TABLE IF NOT EXISTS events.added (v Int32) ENGINE = MergeTree ORDER BY v");

    for (String allowed :
        List.of(
            "ALTER TABLE events.added ADD COLUMN IF NOT EXISTS w Int32 DEFAULT v",
            "CREATE OR REPLACE VIEW events.processed AS SELECT * FROM events.added",
            "CREATE OR REPLACE VIEW events.processed AS SELECT v FROM events.added")) {
      assertThat(query(clickhouse, "registry", allowed)).as(allowed).isEmpty();
    }
    for (String refused :
        List.of(
            "INSERT INTO events.added VALUES (1, 1)",
            "ALTER TABLE events.added DROP COLUMN w",
            "ALTER TABLE events.added MODIFY COLUMN w Int64",
            "ALTER TABLE events.added DELETE WHERE 1",
            "TRUNCATE TABLE events.added",
            "DROP TABLE events.added",
            "SELECT * FROM file('/etc/hostname', 'LineAsString')",
            "ALTER TABLE system.query_log ADD COLUMN w Int32")) {
      assertThat(query(clickhouse, "registry", refused))
          .as(refused)
          .contains("Not enough privileges");
    }
  }

  @Test
  void clickHouseWantsThePassword() throws Exception {
    ClickHouseServer clickhouse = kit().clickhouse();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(clickhouse.httpUrl()))
            .header("X-ClickHouse-User", "pipeline")
            .header("X-ClickHouse-Key", "wrong")
            .POST(HttpRequest.BodyPublishers.ofString("SELECT 1"))
            .build();

    assertThat(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(403);
  }

  /** Of the run before, too. */
  @Test
  void clickHouseLogsQueriesAndForgetsThemLater() throws Exception {
    ClickHouseServer clickhouse = kit().clickhouse();
    awaitLogged(clickhouse, 1);
    killAndStart(clickhouse);
    awaitLogged(clickhouse, 2);

    assertThat(query(clickhouse, "admin", "SHOW CREATE TABLE system.query_log FORMAT TSVRaw"))
        .contains("TTL event_date + toIntervalDay(3)");
  }

  /** Asks something new, and returns when so many such queries are in the log. */
  private void awaitLogged(ClickHouseServer clickhouse, int run) throws Exception {
    query(clickhouse, "pipeline", "SELECT 'to be found in run " + run + "'");
    String found =
        "SELECT uniqExact(query) FROM system.query_log WHERE startsWith(query, 'SELECT \\'to be')";
    String expected = run + "\n";
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              query(clickhouse, "admin", "SYSTEM FLUSH LOGS query_log");
              assertThat(query(clickhouse, "admin", found)).isEqualTo(expected);
            });
  }

  @Test
  void clickHouseSpeaksItsNativeProtocol() throws IOException {
    ClickHouseServer clickhouse = kit().clickhouse();

    assertThat(NativeHello.serverName(clickhouse.nativePort(), "pipeline", "pipeline-local"))
        .isEqualTo("ClickHouse");
  }

  @Test
  void pausedServersDoNotAnswerAndResumedOnesDo() {
    Map<Boolean, List<Service>> services =
        kit().services().stream()
            .collect(Collectors.partitioningBy(one -> one.name().equals("flink-jobmanager")));

    Together.forEach(services.get(false), ServerContract::pauseAndResume);
    // Alone, as it is who answers for the TaskManagers
    Together.forEach(services.get(true), ServerContract::pauseAndResume);
  }

  private static void pauseAndResume(Service service) {
    Duration patience = Duration.ofSeconds(60);
    assertThat(service.healthy()).as(service.name()).isTrue();

    service.pause();
    await(service.name() + " paused").atMost(patience).until(() -> !service.healthy());
    service.resume();

    await(service.name() + " resumed").atMost(patience).until(service::healthy);
  }

  @Test
  void whatIsAskedAfterAPauseIsNotAnswered() {
    for (Service service : List.of(kit().clickhouse(), kit().redis())) {
      service.pause();
      boolean answered = service.healthy();
      service.resume();

      assertThat(answered).as(service.name()).isFalse();
      await(service.name() + " resumed").atMost(Duration.ofSeconds(30)).until(service::healthy);
    }
  }

  @Test
  void stoppedServersHaveNoProcess() {
    RedisServer redis = kit().redis();
    int port = redis.port();

    redis.stop();

    assertThat(redis.pid()).isEmpty();
    assertThat(redis.healthy()).isFalse();
    assertThat(Ports.isFree(port)).isTrue();
    redis.start();
    assertThat(redis.healthy()).isTrue();
    assertThat(redis.port()).isEqualTo(port);
  }

  static void killAndStart(Service service) {
    service.kill();
    assertThat(service.pid()).isEmpty();
    assertThat(service.healthy()).isFalse();
    service.start();
    assertThat(service.healthy()).isTrue();
  }

  static Connection connect(PostgresServer postgres) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", postgres.user());
    properties.setProperty("password", postgres.password());
    return DriverManager.getConnection(postgres.jdbcUrl(PostgresServer.DATABASE), properties);
  }

  static String ask(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }

  /** The answer, or the error's text. */
  final String query(ClickHouseServer clickhouse, String user, String query)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(clickhouse.httpUrl()))
            .header("X-ClickHouse-User", user)
            .header("X-ClickHouse-Key", clickhouse.password(user))
            .POST(HttpRequest.BodyPublishers.ofString(query, UTF_8))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString(UTF_8)).body();
  }
}
