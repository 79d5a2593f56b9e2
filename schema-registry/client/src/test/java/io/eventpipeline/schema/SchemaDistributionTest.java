package io.eventpipeline.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.schema.Lookup.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Memory, then the cache, then the registry. */
class SchemaDistributionTest {
  private static final SchemaClientConfig CONFIG =
      SchemaClientConfig.of("http://registry.invalid:1", "secret-token");
  private static final Duration TTL = Duration.ofDays(4);

  private final AtomicLong nanos = new AtomicLong();
  private final FakeRegistry registry = new FakeRegistry();
  private final FakeCache cache = new FakeCache();
  private final List<SchemaClient> clients = new ArrayList<>();

  @AfterEach
  void close() {
    clients.forEach(SchemaClient::close);
  }

  @Test
  void asksMemoryThenTheCacheThenTheRegistryAndEachOnce() {
    registry.register("cart.viewed", 1);
    SchemaClient first = client();

    first.find("cart.viewed", 1);
    first.find("cart.viewed", 1);
    assertThat(cache.asked).containsExactly("cart.viewed/1");
    assertThat(registry.asked)
        .containsExactly("/schemas/cart.viewed/1", "/schemas?type=cart.viewed&limit=100");

    SchemaClient second = client();
    assertThat(second.find("cart.viewed", 1).found()).isTrue();
    assertThat(second.find("cart.viewed", 1).found()).isTrue();
    assertThat(cache.asked).hasSize(2);
    assertThat(registry.asked).as("the cache was enough").hasSize(2);
  }

  @Test
  void knowsAfterARestartWithoutTheRegistryWhatWasKnownBefore() throws Exception {
    registry.register("cart.viewed", 1);
    registry.register("cart.viewed", 2);
    client().preload();
    registry.down = true;

    SchemaClient restarted = client();

    assertThat(restarted.recover()).isEqualTo(1);
    assertThat(restarted.find("cart.viewed", 0).schema().version()).isEqualTo(2);
    assertThat(restarted.find("cart.viewed", 1).schema().version()).isEqualTo(1);
    assertThat(restarted.find("cart.viewed", 3).outcome()).isEqualTo(Outcome.UNAVAILABLE);
    assertThat(restarted.find("cart.none", 0).outcome()).isEqualTo(Outcome.UNAVAILABLE);
  }

  @Test
  void upcastsAfterARestartWithoutTheRegistryAsBefore() throws Exception {
    registry.register("cart.viewed", 1);
    registry.register("cart.viewed", 2).put("upcasts_from", 1).put("migration", "{\"b\": a}");
    client().preload();
    registry.down = true;
    SchemaClient restarted = client();
    restarted.recover();

    Reading reading = restarted.find("cart.viewed", 1).reading();

    assertThat(reading.version()).isEqualTo(2);
    assertThat(reading.read(JsonMapper.shared().readTree("{\"a\":1}")).data())
        .hasToString("{\"b\":1}");
  }

  @Test
  void findsTheNewestInTheCacheWhenOnlyTheRegistryIsDown() throws Exception {
    registry.register("cart.viewed", 1);
    client().preload();
    registry.down = true;

    assertThat(client().find("cart.viewed", 0).schema().version()).isEqualTo(1);
  }

  @Test
  void goesOnWithoutTheCache() throws Exception {
    registry.register("cart.viewed", 1);
    cache.down = true;
    SchemaClient client = client();

    assertThat(client.recover()).isZero();
    assertThat(client.find("cart.viewed", 1).found()).isTrue();
    assertThat(client.preload()).isEqualTo(1);
  }

  @Test
  void tellsTheCacheAgainWhatItMissed() throws Exception {
    registry.register("cart.viewed", 1);
    cache.down = true;
    SchemaClient client = client();
    client.preload();
    cache.down = false;

    client.preload();
    assertThat(cache.entries).containsOnlyKeys("cart.viewed/1");
    assertThat(cache.newest).containsEntry("cart.viewed", 1);
  }

  @Test
  void writesEntriesAgainBeforeTheyExpire() throws Exception {
    registry.register("cart.viewed", 1);
    SchemaClient client = client();
    client.preload();
    cache.entries.clear();

    pass(TTL.dividedBy(4).minusSeconds(1));
    client.preload();
    assertThat(cache.entries).isEmpty();
    pass(Duration.ofSeconds(1));
    client.preload();
    assertThat(cache.entries).hasSize(1);
  }

  @Test
  void doesWithoutAnEntryThatCannotBeUsed() {
    registry.register("cart.viewed", 1);
    for (String entry :
        List.of(
            "{\"id\":1,\"type\":\"cart.viewed\",\"version\":1,\"schema\":{\"$ref\":\"file:/x\"}}",
            "{\"id\":1,\"type\":\"cart.viewed\",\"version\":7,\"schema\":{}}",
            "{\"id\":1,\"type\":\"cart.viewed\",\"version\":1,\"status\":\"draft\",\"schema\":{}}",
            "{}")) {
      cache.entries.put("cart.viewed/1", JsonMapper.shared().readTree(entry));

      assertThat(client().find("cart.viewed", 1).found()).as(entry).isTrue();
    }
    assertThat(registry.asked).as("the version, and its type's lineage").hasSize(8);
  }

  @Test
  void letsTheRegistryOverruleTheCache() throws Exception {
    registry.register("cart.viewed", 1, "{\"type\":\"object\"}");
    cache.entries.put(
        "cart.viewed/1",
        JsonMapper.shared()
            .readTree("{\"id\":1,\"type\":\"cart.viewed\",\"version\":1,\"schema\":{\"not\":{}}}"));
    SchemaClient client = client();
    var data = JsonMapper.shared().createObjectNode();
    assertThat(client.find("cart.viewed", 1).schema().validate(data)).isNotEmpty();

    client.preload();

    assertThat(client.find("cart.viewed", 1).schema().validate(data)).isEmpty();
    Lookup confirmed = client.find("cart.viewed", 1);
    client.preload();
    assertThat(client.find("cart.viewed", 1)).isSameAs(confirmed);
  }

  @Test
  void neverBlocksWhoDoesNotWantToWait() throws Exception {
    registry.register("cart.viewed", 1);
    CountDownLatch release = new CountDownLatch(1);
    registry.beforeAnswer =
        () -> {
          try {
            release.await(10, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    SchemaClient client = client();

    CompletableFuture<Lookup> first = client.lookup("cart.viewed", 1);
    CompletableFuture<Lookup> second = client.lookup("cart.viewed", 1);
    assertThat(first).isNotDone();
    assertThat(second).isSameAs(first);
    release.countDown();

    assertThat(first.get(10, TimeUnit.SECONDS).found()).isTrue();
    assertThat(client.lookup("cart.viewed", 1)).isDone();
    assertThat(registry.asked).hasSize(2);
  }

  @Test
  void answersWhoWaitsWhenItIsClosed() throws Exception {
    CountDownLatch asked = new CountDownLatch(2);
    registry.beforeAnswer =
        () -> {
          asked.countDown();
          try {
            new CountDownLatch(1).await(10, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    SchemaClient client = client();
    List<CompletableFuture<Lookup>> waiting = new ArrayList<>();
    for (int version = 1; version <= 10; version++) {
      waiting.add(client.lookup("cart.viewed", version));
    }
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

    client.close();

    for (CompletableFuture<Lookup> lookup : waiting) {
      assertThat(lookup.get(5, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.UNAVAILABLE);
    }
  }

  @Test
  void boundsHowManyLookupsWait() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    registry.beforeAnswer =
        () -> {
          try {
            release.await(10, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    SchemaClient client = client();
    List<CompletableFuture<Lookup>> lookups = new ArrayList<>();
    for (int version = 1; version <= 3_000; version++) {
      lookups.add(client.lookup("cart.viewed", version));
    }
    assertThat(lookups.stream().filter(lookup -> !lookup.isDone())).hasSizeLessThan(1_100);
    release.countDown();
    assertThat(lookups.get(2_999).get().outcome()).isEqualTo(Outcome.UNAVAILABLE);
  }

  @Test
  void doesNotAskTheCacheForEachEventWhileTheRegistryIsDown() {
    registry.down = true;
    SchemaClient client = client();
    for (int i = 0; i < 100; i++) {
      assertThat(client.find("cart.viewed", 1).outcome()).isEqualTo(Outcome.UNAVAILABLE);
    }
    assertThat(cache.asked).hasSize(1);
    pass(Duration.ofMillis(1_001));
    client.find("cart.viewed", 1);
    assertThat(cache.asked).hasSize(2);
  }

  private SchemaClient client() {
    SchemaClient client = new SchemaClient(CONFIG, registry, cache, TTL, nanos::get);
    clients.add(client);
    return client;
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
