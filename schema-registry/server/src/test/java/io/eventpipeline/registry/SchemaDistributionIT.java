package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.schema.Lookup.Outcome;
import io.eventpipeline.schema.SchemaCacheConfig;
import io.eventpipeline.schema.SchemaClient;
import io.eventpipeline.schema.SchemaClientConfig;
import io.eventpipeline.services.RedisServer;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The client between a real Redis and a real registry, with either or both of them away. */
@WithServices({Server.POSTGRES, Server.REDIS})
class SchemaDistributionIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String TYPE = "cart.item_added";
  private static final JsonNode VALID =
      JSON.readTree("{\"sku\":\"S\",\"quantity\":2,\"unit_price\":19.90,\"currency\":\"EUR\"}");
  private static final JsonNode INVALID =
      JSON.readTree("{\"sku\":\"S\",\"quantity\":-2,\"unit_price\":19.90,\"currency\":\"EUR\"}");
  private static final Duration TIMEOUT = Duration.ofMillis(300);

  private final List<SchemaClient> clients = new ArrayList<>();
  private RedisServer redis;
  private RedisClient raw;
  private TestRegistry registry;

  @BeforeEach
  void start(ServiceKit kit) throws Exception {
    redis = kit.redis();
    raw = RedisClient.builder().hostAndPort(redis.host(), redis.port()).build();
    raw.flushAll();
    registry = TestRegistry.start(kit.postgres());
  }

  @AfterEach
  void stop() {
    clients.forEach(SchemaClient::close);
    raw.close();
    registry.close();
  }

  @Test
  void knowsAfterARestartWithoutTheRegistryWhatWasKnownBefore() throws Exception {
    registry.register("it.evolving", "{\"required\":[\"a\"]}");
    registry.register("it.evolving", "{}");
    assertThat(client().preload()).isEqualTo(12);
    registry.stop();

    SchemaClient restarted = client();

    assertThat(restarted.recover()).as("the newest of each type").isEqualTo(11);
    assertThat(restarted.find(TYPE, 0).schema().validate(VALID)).isEmpty();
    assertThat(restarted.find(TYPE, 1).schema().validate(INVALID)).hasSize(1);
    assertThat(restarted.find("it.evolving", 0).schema().version()).isEqualTo(2);
    assertThat(restarted.find("it.evolving", 1).schema().validate(JSON.readTree("{}"))).hasSize(1);
    assertThat(restarted.find(TYPE, 2).outcome()).isEqualTo(Outcome.UNAVAILABLE);
    assertThat(restarted.find("it.unseen", 0).outcome()).isEqualTo(Outcome.UNAVAILABLE);
  }

  @Test
  void keepsValidatingWithBothAwayAndMisfilesNothing() throws Exception {
    SchemaClient client = client();
    client.preload();
    registry.stop();
    redis.stop();

    for (int i = 0; i < 50; i++) {
      assertThat(client.find(TYPE, 0).schema().validate(VALID)).isEmpty();
      assertThat(client.find(TYPE, 1).schema().validate(INVALID)).hasSize(1);
      assertThat(client.find("it.late", i).outcome()).isEqualTo(Outcome.UNAVAILABLE);
    }

    redis.start();
    registry.restart();
    registry.register("it.late", "{}");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> client.find("it.late", 0).found() && client.find("it.late", 1).found());
    assertThat(client.find("it.late", 2).outcome()).isEqualTo(Outcome.UNKNOWN_VERSION);
    await("Redis is told what it missed")
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptions() // connections of the time before the stop
        .until(() -> raw.exists("schema_cache:it.late/1", "schema_cache:" + TYPE + "/1") == 2);
  }

  @Test
  void putsANewVersionToUseWithinTenSecondsWithTheShippedSettings() throws Exception {
    SchemaClient client =
        open(new SchemaClient(SchemaClientConfig.of(registry.url(), "read-token-1"), cache()));
    client.preload();
    assertThat(client.find("it.new", 0).outcome()).isEqualTo(Outcome.UNKNOWN_TYPE);
    registry.register("it.new", "{}");
    registry.register("cart.viewed", "{\"type\":\"object\"}");

    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                client.find("it.new", 0).found()
                    && client.find("cart.viewed", 0).schema().version() == 2);
  }

  @Test
  void ignoresAndRepairsWhatIsNotWhatItClaimsToBe() throws Exception {
    client().preload();
    String pointer = "schema_cache:" + TYPE + "/1";
    String document = "schema_cache:" + JSON.readTree(raw.get(pointer)).path("entry").path("id");
    String entry = raw.get(pointer);
    List<Runnable> attacks =
        List.of(
            () -> raw.set(document, "{\"not\":{}}"),
            () -> raw.set(document, "{\"$ref\":\"http://127.0.0.1:1/x\"}"),
            () -> raw.set(document, "x".repeat(3_000_000)),
            () -> raw.set(pointer, "{"),
            () -> raw.set(pointer, "[1]"),
            () -> raw.set(pointer, entry.replace("\"version\":1", "\"version\":3")),
            () -> raw.del(pointer),
            () -> {
              raw.del(pointer);
              raw.lpush(pointer, "a", "b");
            });
    for (int i = 0; i < attacks.size(); i++) {
      attacks.get(i).run();
      SchemaClient client = lazy();

      assertThat(client.find(TYPE, 1).schema().validate(VALID)).as("attack %d", i).isEmpty();
      assertThat(client.find(TYPE, 1).schema().validate(INVALID)).as("attack %d", i).hasSize(1);
      assertThat(client.cacheStats().hits()).as("attack %d", i).isZero();
      assertThat(client.cacheStats().refused()).as("attack %d", i).isEqualTo(i == 6 ? 0 : 1);
      assertThat(raw.get(pointer)).as("attack %d is repaired", i).isEqualTo(entry);
    }
    SchemaClient last = lazy();
    assertThat(last.find(TYPE, 1).found()).isTrue();
    assertThat(last.cacheStats().hits()).isEqualTo(1);
  }

  @Test
  void keepsWhatAnotherClientMaySeeAndNothingForEver() throws Exception {
    registry.register("team.cached", "{}");
    client().preload();
    SchemaClient team = open(new SchemaClient(config(Duration.ofDays(1), "team-token-1"), cache()));
    assertThat(team.preload()).as("only its own type").isEqualTo(1);
    registry.stop();

    SchemaClient restarted = client();

    assertThat(restarted.recover()).isEqualTo(11);
    assertThat(restarted.find(TYPE, 0).found()).isTrue();
    assertThat(restarted.find("team.cached", 0).found()).isTrue();
    assertThat(raw.keys("schema_cache:*")).isNotEmpty().allMatch(key -> raw.ttl(key) > 0);
  }

  @Test
  void waitsForASilentRedisOnceAndForAMomentOnly() throws Exception {
    redis.pause();
    try {
      SchemaClient client = lazy();
      long start = System.nanoTime();
      for (String type : List.of(TYPE, "cart.viewed", "product.viewed", "order.completed")) {
        assertThat(client.find(type, 1).found()).isTrue();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("one timeout of %s, not one for each", TIMEOUT)
          .isLessThan(Duration.ofSeconds(2));
      assertThat(client.cacheStats().failures()).isBetween(1L, 2L);
    } finally {
      redis.resume();
    }
  }

  /** Looks for news often. */
  private SchemaClient client() {
    return open(new SchemaClient(config(Duration.ofMillis(300)), cache()));
  }

  /** Never looks for news: knows only what it was asked for. */
  private SchemaClient lazy() {
    return open(new SchemaClient(config(Duration.ofDays(1)), cache()));
  }

  private SchemaClient open(SchemaClient client) {
    clients.add(client);
    return client;
  }

  private SchemaCacheConfig cache() {
    return SchemaCacheConfig.of(redis.host(), redis.port(), "", TIMEOUT);
  }

  private SchemaClientConfig config(Duration refresh) {
    return config(refresh, "read-token-1");
  }

  private SchemaClientConfig config(Duration refresh, String token) {
    return new SchemaClientConfig(
        registry.url(),
        token,
        Duration.ofSeconds(2),
        refresh,
        Duration.ofMillis(500),
        Duration.ofMillis(200),
        100);
  }
}
