package io.eventpipeline.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import io.eventpipeline.launcher.Command.Answer;
import io.eventpipeline.launcher.stack.LocalAccess;
import io.eventpipeline.launcher.stack.ProcessId;
import io.eventpipeline.launcher.stack.StackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The whole system, started from what the build made. */
@ExtendWith(SharedStack.class)
class LauncherIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration ARRIVAL = Duration.ofSeconds(60);

  /** From POST to row: a second is promised, on a machine of its own; a test may have to share. */
  private static final String ENOUGH = "PT8S";

  private static LocalStack stack;

  @BeforeEach
  void up(LocalStack shared) throws IOException {
    stack = shared;
    stack.ensureReady();
  }

  @Test
  void bringsAnEventFromTheEdgeToAnEnrichedRow() throws Exception {
    String id = send(newId());

    awaitRow(id);
    assertThat(
            sql(
                "SELECT store_id, user_id, user_segment != '', store_time_zone, session_event_index,"
                    + " toFloat64(line_amount) FROM events_processed WHERE event_id = '%s'",
                id))
        .isEqualTo("store-1\tu-42\t1\tEurope/Berlin\t1\t39.8");
  }

  @Test
  void measuresTheWayFromPostToRow() throws Exception {
    Answer answer = stack.ask("latency", "--samples", "3", "--within", ENOUGH);
    Answer late = stack.ask("latency", "--samples", "1", "--within", "PT0.001S");

    assertThat(answer.code()).as(answer.out() + answer.err()).isZero();
    assertThat(answer.out()).contains("3 samples: min ");
    assertThat(late.code()).isEqualTo(1);
    assertThat(late.err())
        .isEqualTo("deploy/local: the median is above the PT0.001S of --within\n");
  }

  @Test
  void describesEveryComponent() throws Exception {
    Answer answer = stack.ask("status", "--json");

    assertThat(answer.code()).as(answer.out() + answer.err()).isZero();
    Map<String, JsonNode> status = stack.status();
    assertThat(status)
        .containsOnlyKeys(
            "kafka",
            "redis",
            "postgres",
            "clickhouse",
            "schema-registry",
            "edge",
            "flink-jobmanager",
            "flink-taskmanager-1");
    assertThat(status.values())
        .allSatisfy(
            component -> {
              assertThat(component.propertyNames())
                  .containsExactlyInAnyOrder("pid", "port", "state", "rss_bytes");
              assertThat(component.path("state").asString()).isEqualTo("ready");
              assertThat(component.path("rss_bytes").asLong()).isPositive();
            });
    assertThat(status.get("kafka").path("port").asInt()).isEqualTo(stack.address().ports().kafka());
    assertThat(status.get("flink-taskmanager-1").path("port").isNull()).isTrue();
  }

  @Test
  void refusesASecondStackOnTheSamePortsOrData() throws Exception {
    Answer samePorts =
        stack.run("up", "--port-offset", stack.offset(), "--data", stack.data() + "-other");
    Answer sameData =
        stack.run(
            "up",
            "--port-offset",
            Integer.toString(StackPorts.free(RandomGenerator.getDefault()).offset()),
            "--data",
            stack.data().toString());

    assertThat(samePorts.code()).isEqualTo(1);
    assertThat(samePorts.err()).contains("runs already").hasLineCount(1);
    assertThat(sameData.code()).isEqualTo(1);
    assertThat(sameData.err()).contains("runs already on the data in").hasLineCount(1);
  }

  @Test
  void answersQueriesAndRefusesThemInOneLine() throws Exception {
    assertThat(stack.ask("sql", "SELECT 1, 'a'").out()).isEqualTo("1\ta\n");
    assertThat(stack.ask("sql", "SELECT 1 AS x", "--format", "JSONEachRow").out())
        .isEqualTo("{\"x\":1}\n");

    Answer unknown = stack.ask("sql", "SELECT * FROM nowhere");
    Answer forbidden = stack.ask("sql", "DROP TABLE events_raw");
    Answer midway = stack.ask("sql", "SELECT throwIf(number = 3000000) FROM numbers(4000000)");

    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.err()).contains("UNKNOWN_TABLE").hasLineCount(1);
    assertThat(forbidden.code()).isEqualTo(1);
    assertThat(forbidden.err()).containsAnyOf("ACCESS_DENIED", "READONLY").hasLineCount(1);
    assertThat(midway.code()).isEqualTo(1);
    assertThat(midway.err().strip()).hasLineCount(1);
  }

  @Test
  void namesThePortThatIsTakenAndTouchesNoData() throws Exception {
    StackPorts ports = StackPorts.free(RandomGenerator.getDefault());
    Path data = Files.createDirectories(Path.of(stack.data() + " with taken port"));
    Files.writeString(data.resolve("event-pipeline-data"), "");
    Path kept = Files.writeString(data.resolve("kept"), "");

    Answer answer;
    try (ServerSocket taken =
        new ServerSocket(ports.postgres(), 1, InetAddress.getLoopbackAddress())) {
      answer =
          stack.run("up", "--fresh", "--data", data.toString(), "--port-offset=" + ports.offset());
    }

    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.err())
        .isEqualTo(
            "deploy/local: port %d (Postgres) is taken: stop what listens there, or move all ports"
                + " with --port-offset N (now %d)\n",
            ports.postgres(), ports.offset());
    assertThat(kept).exists();
  }

  @Test
  void saysWhichComponentDoesNotAnswer() throws Exception {
    long redis = stack.process("redis").pid();
    Answer table;
    Map<String, JsonNode> status;
    LocalStack.signal("STOP", redis);
    try {
      table = stack.ask("status");
      status = stack.status();
    } finally {
      LocalStack.signal("CONT", redis);
    }

    assertThat(table.code()).isEqualTo(1);
    assertThat(table.out()).containsPattern("redis +unhealthy").containsPattern("kafka +ready");
    assertThat(status.get("redis").path("state").asString()).isEqualTo("unhealthy");
    assertThat(status.get("redis").path("pid").asLong()).isEqualTo(redis);
    await().atMost(ARRIVAL).until(() -> stack.ask("status").code() == 0);
  }

  /** The others die in {@link DemoThroughKillsIT}, and alone in {@link ChaosIT}. */
  @Test
  void recoversFromTheDeathOfTheJobManagerAlone() throws Exception {
    String component = "flink-jobmanager";
    String before = send(newId());
    awaitRow(before);
    int returns = stack.returns(component);

    ProcessId killed = stack.kill(component);

    await().atMost(ARRIVAL).until(() -> stack.returns(component) > returns);
    assertThat(stack.process(component)).isNotEqualTo(killed);
    awaitRow(send(newId()));
    await().atMost(ARRIVAL).until(() -> stack.ask("status").code() == 0);
    assertKnown(before);
  }

  @Test
  void stopsFromAnotherTerminalAndGoesOnWithDataAndJobState() throws Exception {
    String id = send(newId());
    awaitRow(id);

    Answer down = stack.ask("down");

    assertThat(down.code()).as(down.err()).isZero();
    assertThat(stack.processes()).isEmpty();
    assertThat(stack.ask("down").err()).contains("no stack runs").hasLineCount(1);
    assertThat(stack.ask("status").code()).isEqualTo(1);
    assertThatADemoBringsItsOwnStackAndLeavesNothing();
    stack.ensureReady();
    assertThat(stack.printed()).contains("job starts from services/flink/savepoints/");
    assertThatNoSlotIsKeptForTheJobBefore();
    assertThat(rows(id)).isEqualTo(1);
    assertKnown(id);
  }

  @Test
  void leavesNothingBehindWhenTheLauncherIsKilledAndGoesOnFromACheckpoint() throws Exception {
    String id = send(newId());
    awaitRow(id);

    stack.killLauncher();

    await().atMost(Duration.ofSeconds(15)).until(() -> stack.processes().isEmpty());
    stack.ensureReady();
    assertThat(stack.printed()).contains("job starts from services/flink/checkpoints/");
    assertThatNoSlotIsKeptForTheJobBefore();
    assertThat(rows(id)).isEqualTo(1);
    assertKnown(id);
  }

  @Test
  void endsAtOnceOnTheSecondCtrlCAndBeginsWithNothingWhenItIsToldTo() throws Exception {
    String id = send(newId());
    awaitRow(id);
    assertThatTheSecondCtrlCEndsItAtOnce();
    Path leftOver = Files.writeString(stack.data().resolve("services/left over"), "");

    stack.begin("--fresh");
    Answer starting =
        await().atMost(ARRIVAL).until(() -> stack.ask("status"), a -> a.out().contains("starting"));
    stack.awaitReady();

    assertThat(starting.code()).isEqualTo(1);
    assertThat(stack.printed()).contains("job starts without earlier state");
    assertThat(leftOver).doesNotExist();
    // Neither in the tables nor, for the new job to read, in Kafka; and no job knows the id.
    send(id);
    awaitRow(id);
    assertThat(sql("SELECT count() FROM events_raw", id)).isEqualTo("1");
    assertThat(sql("SELECT count() FROM events_processed", id)).isEqualTo("1");
  }

  private static void assertThatTheSecondCtrlCEndsItAtOnce() throws Exception {
    stack.interrupt();
    await().atMost(ARRIVAL).until(() -> stack.printed().contains("Stopping"));
    stack.interrupt();

    assertThat(stack.ended(Duration.ofSeconds(10))).isEqualTo(130);
    assertThat(stack.printed()).doesNotContain("Stopped in");
    await().atMost(Duration.ofSeconds(15)).until(() -> stack.processes().isEmpty());
  }

  /** While no stack runs. */
  private static void assertThatADemoBringsItsOwnStackAndLeavesNothing() throws Exception {
    Answer demo = stack.startDemo(2_000).end(Duration.ofMinutes(5));

    assertThat(demo.code()).as(demo.out() + demo.err()).isZero();
    assertThat(demo.out())
        .contains("No stack runs here: starting one for this demo")
        .containsPattern("acked 2,000 = processed .*: holds");
    assertThat(stack.ofDemos()).isEmpty();
    assertThat(stack.processes()).isEmpty();
  }

  /** Else the new job waits until the TaskManager gives up. */
  private static void assertThatNoSlotIsKeptForTheJobBefore() throws IOException {
    assertThat(stack.data().resolve("services/logs/flink-taskmanager-1.log"))
        .content()
        .contains("Successful registration at job manager")
        .doesNotContain("Could not resolve JobManager address");
  }

  private static String newId() {
    return UuidCreator.getTimeOrderedEpoch().toString();
  }

  /** Returns the id once the edge has acknowledged it. */
  private static String send(String id) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(stack.address().edge().resolve("/v1/events"))
            .header("Authorization", "Bearer " + LocalAccess.WRITE_KEYS.get(0))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(15))
            .POST(
                BodyPublishers.ofString(
                    """
                    {"type":"cart.item_added","id":"%s","time":"2026-11-20T10:00:00Z",
                     "userid":"u-42","sessionid":"s-%s","cartid":"c-7",
                     "data":{"sku":"SKU-1","quantity":2,"unit_price":19.90,"currency":"EUR"}}"""
                        .formatted(id, id)))
            .build();
    var response = HTTP.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    return id;
  }

  private static void awaitRow(String id) {
    await("row of " + id).atMost(ARRIVAL).ignoreExceptions().until(() -> rows(id) == 1);
  }

  /** The job's state is there too: what was seen before is still a duplicate. */
  private static void assertKnown(String id) throws IOException, InterruptedException {
    send(id);
    awaitArrivals(id, 2);
    awaitRow(send(newId()));
    assertThat(rows(id)).isEqualTo(1);
  }

  private static void awaitArrivals(String id, int count) {
    await("arrivals of " + id)
        .atMost(ARRIVAL)
        .ignoreExceptions()
        .until(
            () ->
                sql("SELECT count() FROM events_raw WHERE event_id = '%s'", id)
                    .equals(Integer.toString(count)));
  }

  /** Rows as they are stored: a row that the table would only hide counts here. */
  private static int rows(String id) throws IOException, InterruptedException {
    return Integer.parseInt(sql("SELECT count() FROM events_processed WHERE event_id = '%s'", id));
  }

  private static String sql(String query, String id) throws IOException, InterruptedException {
    return new Analyst(stack.address().clickhouse()).ask(query.formatted(id)).strip();
  }
}
