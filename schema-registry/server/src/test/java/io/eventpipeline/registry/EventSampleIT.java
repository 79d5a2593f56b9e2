package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.config.Secret;
import io.eventpipeline.registry.RegistryConfig.ClickHouse;
import io.eventpipeline.registry.RegistryConfig.Login;
import io.eventpipeline.registry.RegistryConfig.Sample;
import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@WithServices({Server.POSTGRES, Server.CLICKHOUSE})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventSampleIT {
  private static final String WANTED =
      "{\"schema\":{\"required\":[\"sku\",\"quantity\"],\"properties\":{"
          + "\"quantity\":{\"type\":\"integer\",\"minimum\":1},"
          + "\"price\":{\"multipleOf\":0.01},"
          + "\"lines\":{\"items\":{\"required\":[\"id\"]}}}}}";

  /**
   * 2,000 events, one a second back from now: some of the newest 1,000 and of the older are bad.
   */
  private static final String EVENTS =
      "SELECT 'e-' || toString(number), '/it', 'it.sampled', 'store-' || toString(number % 3),"
          + " now64(3) - toIntervalSecond(number), number, '{\"id\":\"e-' || toString(number)"
          + " || '\",\"type\":\"it.sampled\",\"data\":' || multiIf("
          + " number IN (10, 20, 30), '{\"sku\":\"a\"}',"
          + " number IN (40, 41), '{\"sku\":\"a\",\"quantity\":\"2\"}',"
          + " number = 50, '{\"quantity\":0,\"lines\":[{\"id\":1},{},{}]}',"
          + " number = 60, '{\"sku\":\"a\",\"quantity\":1,\"price\":1.00000000000000000001}',"
          + " number = 1500, '[]',"
          + " '{\"sku\":\"secret-sku\",\"quantity\":2,\"price\":0.1}') || '}' FROM numbers(2000)";

  private TestWarehouse warehouse;
  @AutoClose private TestRegistry registry;

  @BeforeAll
  void start(ServiceKit kit) throws Exception {
    warehouse = new TestWarehouse(kit.clickhouse());
    warehouse.arrive(EVENTS);
    warehouse.arrive(
        "SELECT 'x', '/it', 'it.other', 'store-1', now64(3), 100000 + number, '{\"data\":{}}' FROM"
            + " numbers(10)");
    registry = TestRegistry.start(kit.postgres(), warehouse.config(TestWarehouse.BOUNDS));
    registry.register("it.sampled", "{\"properties\":{\"quantity\":{\"type\":\"integer\"}}}");
  }

  @Test
  void triesTheNewestEventsAndSaysWhatIsWrongWithThem() throws Exception {
    JsonNode sample = sample(registry, "1000").json().path("sample");

    assertThat(sample.path("sentence").asString())
        .isEqualTo(
            "rejects 7 of 1,000: 3 × /data/quantity missing, 2 × /data/quantity of another type,"
                + " 1 × /data/lines/*/id missing, 1 × /data/price breaks multipleOf,"
                + " 1 × /data/quantity breaks minimum, and 1 more reason");
    assertThat(sample.path("events").asInt()).isEqualTo(1000);
    assertThat(sample.path("rejected").asInt()).isEqualTo(7);
    assertThat(sample.path("rejected_already").asInt()).as("strings are, today").isEqualTo(2);
    assertThat(sample.path("complete").asBoolean()).isTrue();
    JsonNode first = sample.path("reasons").path(0);
    assertThat(first.path("pointer").asString()).isEqualTo("/quantity");
    assertThat(first.path("keyword").asString()).isEqualTo("required");
    assertThat(first.path("count").asInt()).isEqualTo(3);
    assertThat(first.path("example").path("event_id").asString()).isIn("e-10", "e-20", "e-30");
    assertThat(first.path("example").propertyNames())
        .as("nothing of what is in it")
        .containsExactlyInAnyOrder("event_id", "source", "store_id", "received_at");
  }

  @Test
  void triesARangeOfTime() throws Exception {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    String range = now.minusSeconds(86_400) + "/" + now.plusSeconds(60);

    JsonNode all = sample(registry, range).json().path("sample");
    JsonNode none =
        sample(registry, now.minusSeconds(90_000) + "/" + now.minusSeconds(86_400))
            .json()
            .path("sample");

    assertThat(all.path("matching").asInt()).isEqualTo(2000);
    assertThat(all.path("rejected").asInt()).as("data that is no object, too").isEqualTo(8);
    assertThat(none.path("events").asInt()).isZero();
    assertThat(none.path("sentence").asString()).isEqualTo("there are no events to try it on");
  }

  @Test
  void looksAsFarBackAsItMustAndTakesWhatThereIs() throws Exception {
    warehouse.arrive(
        "SELECT 'o-' || toString(number), '/it', 'it.old', 'store-1', now64(3) -"
            + " toIntervalDay(number), 200000 + number, '{\"data\":{\"n\":1}}' FROM numbers(300)");

    JsonNode all = sample(registry, "it.old", "5000").json().path("sample");
    JsonNode some = sample(registry, "it.old", "100").json().path("sample");

    assertThat(all.path("events").asInt()).isEqualTo(300);
    assertThat(all.path("complete").asBoolean()).isTrue();
    assertThat(some.path("events").asInt()).isEqualTo(100);
    assertThat(Instant.parse(some.path("from").asString()))
        .isBetween(
            Instant.now().minus(Duration.ofDays(100)), Instant.now().minus(Duration.ofDays(98)));
  }

  @Test
  void answersForCompatibilityToo() throws Exception {
    Reply reply = sample(registry, "10");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().path("compatible").asBoolean(true)).isFalse();
    assertThat(reply.json().path("findings")).isNotEmpty();
  }

  @Test
  void keepsWithinItsBounds(ServiceKit kit) throws Exception {
    Sample few = new Sample(200, 10_000_000, 1_000_000_000, Duration.ofSeconds(20));
    Sample narrow = new Sample(200, 100, 1_000_000_000, Duration.ofSeconds(20));
    String day = Instant.now().minusSeconds(86_400) + "/" + Instant.now().plusSeconds(60);
    try (TestRegistry bounded = TestRegistry.start(kit.postgres(), warehouse.config(few))) {
      JsonNode thin = sample(bounded, day).json().path("sample");
      assertThat(thin.path("one_in").asInt()).isEqualTo(10);
      assertThat(thin.path("matching").asInt()).isEqualTo(2000);
      assertThat(thin.path("events").asInt()).isBetween(140, 260);
      assertThat(thin.path("complete").asBoolean()).isTrue();
      assertThat(sample(bounded, "201").code()).isEqualTo("sample_too_large");
    }
    try (TestRegistry bounded = TestRegistry.start(kit.postgres(), warehouse.config(narrow))) {
      Reply reply = sample(bounded, day);
      assertThat(reply.status()).isEqualTo(422);
      assertThat(reply.code()).isEqualTo("sample_too_large");
    }
  }

  @Test
  void endsAtItsLimitsAndSaysSo(ServiceKit kit) throws Exception {
    warehouse.arrive(
        "SELECT 's-' || toString(number), '/it', 'it.slow', 'store-1', now64(3), 300000 + number,"
            + " '{\"data\":{\"a\":[' || repeat('1,', 500) || '1]}}' FROM numbers(12000)");
    String alternatives = "{\"const\":0},".repeat(20) + "{\"const\":1}";
    String slow =
        "{\"schema\":{\"properties\":{\"a\":{\"items\":{\"anyOf\":[" + alternatives + "]}}}}}";
    Sample brief = new Sample(12_000, 10_000_000, 1_000_000_000, Duration.ofSeconds(1));
    Sample scant = new Sample(12_000, 10_000_000, 2_000_000, Duration.ofSeconds(20));
    try (TestRegistry bounded = TestRegistry.start(kit.postgres(), warehouse.config(brief))) {
      Instant begin = Instant.now();
      JsonNode sample =
          bounded.call("POST", "/schemas/it.slow/check?sample=12000", slow).json().path("sample");
      assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
      assertThat(sample.path("complete").asBoolean(true)).isFalse();
      assertThat(sample.path("stopped_by").asString()).isEqualTo("time");
      assertThat(sample.path("events").asInt()).isBetween(1, 11_999);
    }
    try (TestRegistry bounded = TestRegistry.start(kit.postgres(), warehouse.config(scant))) {
      JsonNode sample = sample(bounded, "it.slow", "12000").json().path("sample");
      assertThat(sample.path("complete").asBoolean(true)).isFalse();
      assertThat(sample.path("stopped_by").asString()).isEqualTo("reads");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-01T00:00:00Z/+999999999-01-01T00:00:00Z",
        "0",
        "-1",
        "x",
        "1e3",
        "2026-11-01/2026-11-02",
        "a/b",
        "1' OR '1'='1"
      })
  void refusesASampleThatIsNone(String text) throws Exception {
    Reply reply = sample(registry, text);

    assertThat(reply.status()).as(reply.raw().body()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("invalid_request");
  }

  @Test
  void namesStoredEventsOnlyToThoseWhoMayWrite() throws Exception {
    Reply reader =
        registry.send(
            registry
                .request(
                    "/schemas/it.sampled/check?sample=1",
                    "Authorization",
                    TestRegistry.READ,
                    "Content-Type",
                    "application/json")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(WANTED)));

    assertThat(reader.status()).isEqualTo(403);
  }

  @Test
  void saysThatThereIsNoClickHouse(ServiceKit kit) throws Exception {
    ClickHouse gone =
        new ClickHouse(
            "http://127.0.0.1:1",
            "events",
            new Login("analyst", new Secret("x")),
            Optional.empty(),
            TestWarehouse.BOUNDS);
    try (TestRegistry without = TestRegistry.start(kit.postgres());
        TestRegistry down = TestRegistry.start(kit.postgres(), gone)) {
      assertThat(sample(without, "1").status()).isEqualTo(501);
      assertThat(sample(without, "1").code()).isEqualTo("clickhouse_not_configured");
      Reply unavailable = sample(down, "1");
      assertThat(unavailable.status()).isEqualTo(503);
      assertThat(unavailable.code()).isEqualTo("clickhouse_unavailable");
      assertThat(unavailable.header("Retry-After")).isNotBlank();
    }
  }

  /** Only with {@code -Dsample.events=N}: prints how long a sample of so many events takes. */
  @Test
  @EnabledIfSystemProperty(named = "sample.events", matches = "[0-9]+")
  void measuresALargeSample(ServiceKit kit) throws Exception {
    long events = Long.getLong("sample.events");
    warehouse.arrive(
        "SELECT 'l-' || toString(number), '/it', 'it.large', 'store-1', now64(3) -"
            + " toIntervalSecond(number % 86400), 1000000 + number, '{\"id\":\"l-' ||"
            + " toString(number) || '\",\"type\":\"it.large\",\"storeid\":\"store-1\",\"data\":' ||"
            + " if(number % 13000 = 0, '{\"sku\":\"a\"}', '{\"sku\":\"SKU-1\",\"quantity\":2,"
            + "\"price\":19.90,\"currency\":\"EUR\",\"attributes\":{\"gift\":false}}') || '}' FROM"
            + " numbers("
            + events
            + ")");
    Sample bounds = new Sample(events, 1_000_000_000, 100_000_000_000L, Duration.ofSeconds(50));
    try (TestRegistry large = TestRegistry.start(kit.postgres(), warehouse.config(bounds))) {
      long begin = System.nanoTime();
      JsonNode sample = sample(large, "it.large", Long.toString(events)).json().path("sample");
      double seconds = (System.nanoTime() - begin) / 1e9;
      System.out.printf(
          "%s; complete %s; %.1f s, %.0f events/s%n",
          sample.path("sentence").asString(),
          sample.path("complete"),
          seconds,
          sample.path("events").asLong() / seconds);
      assertThat(sample.path("complete").asBoolean()).isTrue();
    }
  }

  private static Reply sample(TestRegistry registry, String sample) throws Exception {
    return sample(registry, "it.sampled", sample);
  }

  private static Reply sample(TestRegistry registry, String type, String sample) throws Exception {
    String text = URLEncoder.encode(sample, StandardCharsets.UTF_8);
    return registry.call("POST", "/schemas/" + type + "/check?sample=" + text, WANTED);
  }
}
