package io.eventpipeline.launcher.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.launcher.load.Generator.Send;
import io.eventpipeline.launcher.load.Generator.Way;
import io.eventpipeline.schema.CompiledSchema;
import io.eventpipeline.schema.SchemaRejectedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GeneratorTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path SCHEMAS = Path.of("..", "..", "schema-registry", "schemas");
  private static final int SENDS = 30_000;
  private static final long START = Instant.parse("2026-11-20T10:00:00Z").toEpochMilli();

  private record Run(Ledger ledger, List<Send> sends) {}

  private static Run run(long seed, int count) {
    Ledger ledger = new Ledger(count);
    Generator generator =
        new Generator(ledger, "/demo/test", TestRun.STORES, count, START, 10_000, seed);
    List<Send> sends = new ArrayList<>();
    for (Send send = generator.next(); send != null; send = generator.next()) {
      sends.add(send);
    }
    return new Run(ledger, sends);
  }

  private static JsonNode json(Send send) {
    return JSON.readTree(send.outgoing().body());
  }

  @Test
  void givesExactlyAsManySendsAsAsked() {
    for (int count : new int[] {1, 2, 7, 100, 5_000}) {
      assertThat(run(3, count).sends()).hasSize(count);
    }
  }

  @Test
  void sameSeedGivesSameBytesInSameOrder() {
    Run first = run(42, 5_000);
    Run second = run(42, 5_000);

    for (int i = 0; i < first.sends().size(); i++) {
      assertThat(second.sends().get(i).outgoing().body())
          .isEqualTo(first.sends().get(i).outgoing().body());
      assertThat(second.sends().get(i).way()).isEqualTo(first.sends().get(i).way());
    }
    assertThat(run(43, 5_000).sends().get(0).outgoing().body())
        .isNotEqualTo(first.sends().get(0).outgoing().body());
  }

  @Test
  void sharesAreThoseOfTheContract() {
    Run run = run(1, SENDS);
    Map<FailureReason, Integer> reasons = new EnumMap<>(FailureReason.class);
    int nameless = 0;
    for (int event = 0; event < run.ledger().events(); event++) {
      run.ledger().expectation(event).ifPresent(reason -> reasons.merge(reason, 1, Integer::sum));
      nameless += run.ledger().isNameless(event) ? 1 : 0;
    }

    assertThat((SENDS - run.ledger().events()) / (double) SENDS).isCloseTo(0.05, within(0.005));
    assertThat(reasons.get(FailureReason.SCHEMA_VIOLATION) / (double) SENDS)
        .isCloseTo(0.02, within(0.003));
    assertThat(reasons.get(FailureReason.UNKNOWN_TYPE) / (double) SENDS)
        .isCloseTo(0.005, within(0.002));
    assertThat(reasons.get(FailureReason.UNKNOWN_VERSION) / (double) SENDS)
        .isCloseTo(0.005, within(0.002));
    assertThat(reasons).hasSize(3);
    assertThat(nameless / (double) SENDS).isCloseTo(0.005, within(0.002));
  }

  @Test
  void repetitionsAreTheSameBytesAndSomeTakeAnotherWay() {
    Run run = run(2, SENDS);
    Map<Integer, Send> firsts = new HashMap<>();
    int repeated = 0;
    int elsewhere = 0;
    for (Send send : run.sends()) {
      Send first = firsts.putIfAbsent(send.outgoing().event(), send);
      if (first != null) {
        repeated++;
        assertThat(send.outgoing().body()).isEqualTo(first.outgoing().body());
        assertThat(send.store()).isEqualTo(first.store());
        assertThat(run.ledger().isNameless(send.outgoing().event())).isFalse();
        elsewhere += send.way() == first.way() ? 0 : 1;
      }
    }

    assertThat(repeated).isEqualTo(SENDS - run.ledger().events());
    assertThat(elsewhere).isPositive();
  }

  @Test
  void dataFitsItsSchemaExactlyWhenTheEventMustBeProcessed()
      throws IOException, SchemaRejectedException {
    Run run = run(4, SENDS);
    Map<String, CompiledSchema> schemas = schemas();
    Set<EventType> seen = EnumSet.noneOf(EventType.class);
    for (Send send : run.sends()) {
      int event = send.outgoing().event();
      JsonNode json = json(send);
      seen.add(run.ledger().type(event));
      CompiledSchema schema = schemas.get(json.get("type").asString());
      FailureReason reason = run.ledger().expectation(event).orElse(null);
      if (reason == FailureReason.UNKNOWN_TYPE) {
        assertThat(schema).isNull();
      } else {
        var violations = schema.validate(json.get("data"));
        assertThat(violations.isEmpty())
            .as("%s expects %s, has %s", json, reason, violations)
            .isEqualTo(reason != FailureReason.SCHEMA_VIOLATION);
      }
      String version = json.path("dataschema").asString("/1");
      assertThat(version.endsWith("/1")).isEqualTo(reason != FailureReason.UNKNOWN_VERSION);
    }

    assertThat(seen).containsExactlyInAnyOrder(EventType.values());
    assertThat(schemas).hasSize(EventType.values().length - 1);
  }

  @Test
  void eventsOfAVisitAreInOrderOnOneWay() {
    Run run = run(5, SENDS);
    Map<String, Instant> newest = new HashMap<>();
    Map<String, Way> ways = new HashMap<>();
    Map<String, String> last = new HashMap<>();
    Set<Integer> seen = new HashSet<>();
    for (Send send : run.sends()) {
      if (!seen.add(send.outgoing().event())) {
        continue;
      }
      JsonNode json = json(send);
      String visit = json.get("sessionid").asString();
      assertThat(ways.computeIfAbsent(visit, key -> send.way())).isEqualTo(send.way());
      if (json.has("time")) {
        Instant time = Instant.parse(json.get("time").asString());
        assertThat(time).isAfter(newest.getOrDefault(visit, Instant.MIN));
        newest.put(visit, time);
      }
      String type = json.get("type").asString();
      String before = last.put(visit, type);
      assertThat(before).as("nothing follows an order").isNotEqualTo("order.completed");
      if (type.equals("order.completed")) {
        assertThat(before).isIn("checkout.step_completed", "cart.wish_granted");
      }
    }
  }

  @Test
  void attributesAreTheLedgers() {
    Run run = run(6, 5_000);
    for (Send send : run.sends()) {
      int event = send.outgoing().event();
      JsonNode json = json(send);
      assertThat(json.get("source").asString()).isEqualTo("/demo/test");
      assertThat(json.get("type").asString()).isEqualTo(run.ledger().type(event).code());
      assertThat(send.store()).isEqualTo(run.ledger().store(event));
      assertThat(Envelope.checksum(send.outgoing().body())).isEqualTo(run.ledger().checksum(event));
      if (run.ledger().isNameless(event)) {
        assertThat(json.has("id")).isFalse();
      } else {
        assertThat(json.get("id").asString()).isEqualTo(Ledger.id(event));
        assertThat(json.get("storeid").asString())
            .isEqualTo(TestRun.STORES.get(send.store()).store());
      }
      assertThat(new String(send.outgoing().body(), UTF_8)).doesNotContain("\n");
    }
  }

  @Test
  void popularProductsAreViewedMoreOften() {
    Map<String, Integer> views = new HashMap<>();
    for (Send send : run(7, SENDS).sends()) {
      JsonNode json = json(send);
      if (json.get("type").asString().equals("product.viewed")) {
        views.merge(json.get("data").path("sku").asString(""), 1, Integer::sum);
      }
    }

    assertThat(views.get("SKU-1")).isGreaterThan(5 * views.getOrDefault("SKU-50", 0));
    assertThat(views.size()).isGreaterThan(400);
  }

  @Test
  void someVisitsArriveHoursLateAndNoneFromTheFuture() {
    int late = 0;
    for (Send send : run(8, SENDS).sends()) {
      JsonNode json = json(send);
      if (json.has("time")) {
        long millis = Instant.parse(json.get("time").asString()).toEpochMilli();
        assertThat(millis).isLessThan(START + SENDS);
        late += millis < START - 3_600_000 ? 1 : 0;
      }
    }

    assertThat(late / (double) SENDS).isCloseTo(0.01, within(0.007));
  }

  private static Map<String, CompiledSchema> schemas() throws IOException, SchemaRejectedException {
    Map<String, CompiledSchema> schemas = new HashMap<>();
    try (var files = Files.newDirectoryStream(SCHEMAS, "*.json")) {
      for (Path file : files) {
        String type = file.getFileName().toString().replaceFirst("\\.json$", "");
        JsonNode document = JSON.readTree(Files.readAllBytes(file));
        schemas.put(type, CompiledSchema.compile(1, type, 1, document));
      }
    }
    return schemas;
  }
}
