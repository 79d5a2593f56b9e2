package io.eventpipeline.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.schema.Lookup.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchemaClientTest {
  private static final SchemaClientConfig CONFIG =
      SchemaClientConfig.of("http://registry.invalid:1", "secret-token");

  /** Asked once for a type: how its versions follow from each other. */
  private static final String LINEAGE = "/schemas?type=cart.viewed&limit=100";

  private final AtomicLong nanos = new AtomicLong();
  private final FakeRegistry registry = new FakeRegistry();
  private final SchemaClient client = new SchemaClient(CONFIG, registry, nanos::get);

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void asksOnceForAVersionAndKeepsItForEver() {
    registry.register("cart.viewed", 1);

    Lookup first = client.find("cart.viewed", 1);
    pass(Duration.ofDays(30));
    Lookup second = client.find("cart.viewed", 1);

    assertThat(first.outcome()).isEqualTo(Outcome.FOUND);
    assertThat(second).isSameAs(first);
    assertThat(registry.asked).containsExactly("/schemas/cart.viewed/1", LINEAGE);
  }

  @Test
  void findsTheNewestVersionForZero() {
    registry.register("cart.viewed", 1);
    registry.register("cart.viewed", 2);

    assertThat(client.find("cart.viewed", 0).schema().version()).isEqualTo(2);
    assertThat(client.find("cart.viewed", 2).found()).isTrue();
    assertThat(registry.asked).containsExactly("/schemas/cart.viewed/latest", LINEAGE);
  }

  @Test
  void tellsUnknownTypeFromUnknownVersion() {
    registry.register("cart.viewed", 1);

    assertThat(client.find("cart.viewed", 9).failureReason())
        .isEqualTo(FailureReason.UNKNOWN_VERSION);
    assertThat(client.find("cart.none", 1).failureReason()).isEqualTo(FailureReason.UNKNOWN_TYPE);
    assertThat(client.find("cart.none", 0).failureReason()).isEqualTo(FailureReason.UNKNOWN_TYPE);
  }

  @Test
  void believesANegativeAnswerUntilTheListChanges() throws Exception {
    client.preload();
    client.find("cart.viewed", 1);
    for (int i = 0; i < 100; i++) {
      pass(Duration.ofSeconds(5));
      client.preload(); // what the background does
      assertThat(client.find("cart.viewed", 1).outcome()).isEqualTo(Outcome.UNKNOWN_TYPE);
    }
    assertThat(registry.asked).containsOnlyOnce("/schemas/cart.viewed/1");

    registry.register("cart.viewed", 1);
    client.preload();
    assertThat(client.find("cart.viewed", 1).found()).isTrue();
  }

  @Test
  void doubtsANegativeAnswerWhenTheRegistryFallsSilent() {
    client.find("cart.viewed", 1);
    registry.down = true;

    pass(Duration.ofSeconds(29));
    assertThat(client.find("cart.viewed", 1).outcome()).isEqualTo(Outcome.UNKNOWN_TYPE);

    pass(Duration.ofSeconds(2));
    assertThat(client.find("cart.viewed", 1).outcome()).isEqualTo(Outcome.UNAVAILABLE);
  }

  @Test
  void doesNotKeepANegativeAnswerThatIsOlderThanTheList() throws Exception {
    registry.beforeAnswer =
        () -> {
          registry.beforeAnswer = () -> {};
          registry.register("cart.other", 1);
          try {
            client.preload();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    client.find("cart.viewed", 1);
    registry.register("cart.viewed", 1);

    assertThat(client.find("cart.viewed", 1).found()).isTrue();
  }

  @Test
  void neverSendsWhatCannotBeATypeOrAVersion() {
    for (String type :
        List.of("", "../health", "a/b", "a b", "a?b", ".a", "x".repeat(129), "ä", "ids", "types")) {
      assertThat(client.find(type, 1).outcome()).isEqualTo(Outcome.UNKNOWN_TYPE);
    }
    assertThat(client.find("cart.viewed", -1).outcome()).isEqualTo(Outcome.UNKNOWN_VERSION);
    assertThat(registry.asked).isEmpty();
  }

  @Test
  void keepsServingWhatItKnowsWhenTheRegistryIsDown() throws Exception {
    registry.register("cart.viewed", 1);
    client.preload();
    registry.down = true;
    pass(Duration.ofHours(1));

    assertThat(client.find("cart.viewed", 1).found()).isTrue();
    assertThat(client.find("cart.viewed", 0).found()).isTrue();
    assertThat(client.find("cart.viewed", 2).failureReason())
        .isEqualTo(FailureReason.SCHEMA_UNAVAILABLE);
    assertThat(client.find("cart.none", 0).outcome()).isEqualTo(Outcome.UNAVAILABLE);
    assertThatThrownBy(client::preload).isInstanceOf(IOException.class);
  }

  @Test
  void leavesARegistryThatIsDownAloneForASecondAndThenAsksAgain() {
    registry.down = true;
    for (int i = 1; i <= 100; i++) {
      assertThat(client.find("cart.viewed", i).outcome()).isEqualTo(Outcome.UNAVAILABLE);
    }
    assertThat(registry.asked).hasSize(1);

    registry.down = false;
    registry.register("cart.viewed", 1);
    pass(Duration.ofMillis(1_001));

    assertThat(client.find("cart.viewed", 1).found()).isTrue();
  }

  @Test
  void preloadsAllPagesAndThenAsksOnlyWhetherThereIsNews() throws Exception {
    registry.pagesOf(3);
    for (int version = 1; version <= 10; version++) {
      registry.register("cart.viewed", version);
    }

    assertThat(client.preload()).isEqualTo(10);
    assertThat(registry.asked).hasSize(4);
    client.preload();

    assertThat(registry.asked).hasSize(5);
    assertThat(client.find("cart.viewed", 7).found()).isTrue();
    assertThat(client.find("cart.viewed", 0).schema().version()).isEqualTo(10);
    assertThat(registry.asked).hasSize(5);
  }

  @Test
  void movesTheNewestVersionWithTheNewsAndServesTheOldOneUntilThen() throws Exception {
    registry.register("cart.viewed", 1);
    client.preload();
    registry.register("cart.viewed", 2);

    assertThat(client.find("cart.viewed", 0).schema().version()).isEqualTo(1);
    client.preload(); // what the background does every few seconds
    assertThat(client.find("cart.viewed", 0).schema().version()).isEqualTo(2);
  }

  @Test
  void skipsASchemaThatCannotBeUsedAndLoadsTheRest() throws Exception {
    registry.register("cart.broken", 1, "{\"$ref\":\"http://127.0.0.1:1/x\"}");
    registry.register("cart.viewed", 1);

    assertThat(client.preload()).isEqualTo(1);
    assertThat(client.find("cart.broken", 1).outcome()).isEqualTo(Outcome.UNAVAILABLE);
    assertThat(client.find("cart.viewed", 1).found()).isTrue();
  }

  @Test
  void sendsOneRequestHoweverManyThreadsWantTheSameSchema() throws Exception {
    registry.register("cart.viewed", 1);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    registry.beforeAnswer =
        () -> {
          asked.countDown();
          awaitLatch(release);
        };
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      List<Future<Lookup>> lookups = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        lookups.add(threads.submit(() -> client.find("cart.viewed", 1)));
      }
      awaitLatch(asked);
      release.countDown();
      for (Future<Lookup> lookup : lookups) {
        assertThat(lookup.get(10, TimeUnit.SECONDS).found()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(registry.asked).containsExactly("/schemas/cart.viewed/1", LINEAGE);
  }

  @Test
  void keepsAtMostTheConfiguredNumberOfSchemas() {
    SchemaClientConfig small =
        new SchemaClientConfig(
            CONFIG.url(),
            CONFIG.token(),
            CONFIG.requestTimeout(),
            CONFIG.refresh(),
            CONFIG.negativeTtl(),
            CONFIG.outageTtl(),
            5);
    try (SchemaClient bounded = new SchemaClient(small, registry, nanos::get)) {
      for (int version = 1; version <= 50; version++) {
        registry.register("cart.viewed", version);
        assertThat(bounded.find("cart.viewed", version).found()).isTrue();
      }
      assertThat(bounded.stats().cached()).isLessThanOrEqualTo(5);
    }
  }

  @Test
  void countsRequestsFailuresAndTheAgeOfTheLastAnswer() {
    client.find("cart.viewed", 1);
    registry.down = true;
    pass(Duration.ofSeconds(10));
    client.find("cart.viewed", 2);

    assertThat(client.stats()).isEqualTo(new SchemaClient.Stats(0, 2, 1, 10_000));
  }

  @Test
  void hasAConfigurationThatTravelsAndKeepsItsToken() throws Exception {
    new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(CONFIG);

    assertThat(CONFIG.toString()).doesNotContain("secret-token");
    assertThatThrownBy(() -> SchemaClientConfig.of("registry:8085", "t"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
