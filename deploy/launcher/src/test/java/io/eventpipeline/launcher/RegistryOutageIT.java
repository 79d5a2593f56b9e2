package io.eventpipeline.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import io.eventpipeline.launcher.stack.LocalAccess;
import io.eventpipeline.launcher.stack.StackPorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Registry and Redis stand still while events come: of versions that are known, which goes on as
 * ever, and of versions that nobody can tell, which the job holds. Beside the stack's edge runs one
 * that holds data against its schema itself.
 */
@ExtendWith(SharedStack.class)
class RegistryOutageIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration ARRIVAL = Duration.ofSeconds(60);

  /** Three times what is promised: the machine may be busy. */
  private static final Duration IN_USE = Duration.ofSeconds(30);

  private static final Path ROOT =
      Path.of(System.getProperty("services.home")).resolve("../..").normalize();

  private final StackPorts strictPorts = StackPorts.free(RandomGenerator.getDefault());
  private final String type = "it.outage-" + strictPorts.offset();
  private final List<Long> stopped = new ArrayList<>();
  private LocalStack stack;
  private Process strict;

  @BeforeEach
  void start(LocalStack shared) throws Exception {
    stack = shared;
    stack.ensureReady();
    startStrictEdge();
  }

  @AfterEach
  void letGo() throws Exception {
    goOn();
    strict.destroy();
    assertThat(strict.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void keepsValidatingAndMisfilesNothing() throws Exception {
    register("{\"type\":\"object\",\"required\":[\"a\",\"b\"]}");
    await("the edge has version 1").atMost(IN_USE).until(() -> strict(0, "{\"a\":1}") == 422);
    assertThat(strict(1, "{\"a\":1,\"b\":2}")).isEqualTo(202);
    awaitProcessed(send(202, 1, "{\"a\":1,\"b\":2}"));

    register("{\"type\":\"object\",\"required\":[\"a\"]}");
    await("the edge has version 2").atMost(IN_USE).until(() -> strict(0, "{\"a\":1}") == 202);
    await("the job has version 2")
        .atMost(ARRIVAL)
        .until(() -> processed(send(202, 0, "{\"a\":1}")));

    halt("schema-registry", "redis");
    String blind = send(202, 0, "{\"a\":1}");
    String wrong = send(202, 2, "{}");
    assertThat(strict(0, "{\"a\":1}")).isEqualTo(202);
    assertThat(strict(2, "{}")).isEqualTo(422);
    assertThat(strict(1, "{\"a\":1}")).isEqualTo(422);
    awaitProcessed(blind);
    awaitRefused(wrong, "schema_violation");
    goOn();

    // Published, and the registry is gone before anybody has heard of it
    register("{\"type\":\"object\"}");
    halt("schema-registry", "redis");
    String ahead = send(202, 3, "{}");
    String early = send(202, 9, "{\"a\":1}");
    assertThat(strict(9, "{}")).as("left to the job").isEqualTo(202);
    awaitArrived(ahead);
    awaitArrived(early);
    assertThat(rows("events_errors", early, "")).as("refused at once").isEqualTo("0");
    goOn();
    awaitProcessed(ahead);
    awaitRefused(early, "unknown_version");

    // What a process that starts without the registry knows, it has from Redis
    halt("schema-registry");
    strict.destroy();
    assertThat(strict.waitFor(20, TimeUnit.SECONDS)).isTrue();
    stack.kill("flink-taskmanager-1");
    startStrictEdge();
    await("from Redis").atMost(IN_USE).until(() -> strict(2, "{}") == 422);
    awaitProcessed(send(202, 1, "{\"a\":1,\"b\":2}"));
    goOn();

    assertThat(
            sql(
                "SELECT groupUniqArray(reason) FROM events_errors WHERE event_type = '"
                    + type
                    + "'"))
        .contains("schema_violation", "unknown_version")
        .doesNotContain("unknown_type", "schema_unavailable");
    assertThat(
            sql(
                "SELECT count() FROM events_errors WHERE event_type = '"
                    + type
                    + "' AND (JSONHas(payload, 'data', 'b') OR (JSONHas(payload, 'data', 'a') AND"
                    + " endsWith(JSONExtractString(payload, 'dataschema'), '/2')))"))
        .as("right ones that were called wrong")
        .isEqualTo("0");
  }

  private void startStrictEdge() throws IOException {
    Path config = stack.data().resolve("config/edge.yaml");
    Path target = ROOT.resolve("edge-ingest/target");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(target.resolve("edge-ingest.jar") + ":" + target.resolve("lib") + "/*");
    command.addAll(List.of("io.eventpipeline.edge.Main", "--config", config.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Path.of("target", "strict-edge.log").toFile());
    builder.environment().put("EDGE_HTTP_PORT", Integer.toString(strictPorts.edge()));
    builder.environment().put("EDGE_ADMIN_PORT", Integer.toString(strictPorts.edgeAdmin()));
    builder.environment().put("EDGE_SCHEMAS_VALIDATE", "true");
    strict = builder.start();
    URI ready = URI.create("http://127.0.0.1:" + strictPorts.edge() + "/health/ready");
    await("the strict edge is ready")
        .atMost(ARRIVAL)
        .ignoreExceptions()
        .until(
            () ->
                HTTP.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.ofString())
                        .statusCode()
                    == 200);
  }

  private void halt(String... components) throws Exception {
    for (String component : components) {
      long pid = stack.process(component).pid();
      LocalStack.signal("STOP", pid);
      stopped.add(pid);
    }
  }

  private void goOn() throws Exception {
    for (long pid : stopped) {
      LocalStack.signal("CONT", pid);
    }
    stopped.clear();
  }

  private void register(String schema) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(stack.address().registry().resolve("/schemas"))
            .header("Authorization", "Bearer " + LocalAccess.REGISTRY_TOKEN)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"type\":\"" + type + "\",\"schema\":" + schema + "}"))
            .build();
    var answer = HTTP.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  /** Sends to the stack's own edge, which leaves all to the job; returns the id. */
  private String send(int status, int version, String data) throws Exception {
    String id = UuidCreator.getTimeOrderedEpoch().toString();
    assertThat(post(stack.address().edge(), id, version, data)).isEqualTo(status);
    return id;
  }

  private int strict(int version, String data) throws Exception {
    return post(
        URI.create("http://127.0.0.1:" + strictPorts.edge()),
        UuidCreator.getTimeOrderedEpoch().toString(),
        version,
        data);
  }

  private int post(URI edge, String id, int version, String data) throws Exception {
    String schema = version == 0 ? "" : ",\"dataschema\":\"schema:" + type + "/" + version + "\"";
    HttpRequest request =
        HttpRequest.newBuilder(edge.resolve("/v1/events"))
            .header("Authorization", "Bearer " + LocalAccess.WRITE_KEYS.get(0))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(15))
            .POST(
                BodyPublishers.ofString(
                    "{\"type\":\"%s\",\"id\":\"%s\"%s,\"data\":%s}"
                        .formatted(type, id, schema, data)))
            .build();
    return HTTP.send(request, BodyHandlers.ofString()).statusCode();
  }

  private void awaitProcessed(String id) {
    awaitSettled(id);
    assertThat(sql("SELECT reason FROM events_errors WHERE event_id = '" + id + "'")).isEmpty();
    assertThat(rows("events_processed", id, "")).isEqualTo("1");
  }

  private void awaitRefused(String id, String reason) {
    await(id + " is refused as " + reason)
        .atMost(ARRIVAL)
        .ignoreExceptions()
        .until(() -> rows("events_errors", id, " AND reason = '" + reason + "'").equals("1"));
  }

  /** Whether it is processed; waits until it is known what became of it. */
  private boolean processed(String id) {
    awaitSettled(id);
    return rows("events_processed", id, "").equals("1");
  }

  /** A checkpoint has it, so the job has read it: what it could not tell then, it holds. */
  private void awaitArrived(String id) {
    await(id + " was read")
        .atMost(ARRIVAL)
        .ignoreExceptions()
        .until(() -> rows("events_raw", id, "").equals("1"));
  }

  private void awaitSettled(String id) {
    await("what becomes of " + id)
        .atMost(ARRIVAL)
        .ignoreExceptions()
        .until(
            () ->
                rows("events_processed", id, "").equals("1")
                    || rows("events_errors", id, "").equals("1"));
  }

  private String rows(String table, String id, String more) {
    return sql("SELECT count() FROM " + table + " WHERE event_id = '" + id + "'" + more);
  }

  private String sql(String query) {
    try {
      return new Analyst(stack.address().clickhouse()).ask(query).strip();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(query, e);
    }
  }
}
