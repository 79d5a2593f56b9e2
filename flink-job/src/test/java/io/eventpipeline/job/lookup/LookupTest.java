package io.eventpipeline.job.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.job.LookupStatus;
import io.eventpipeline.job.TestEvents;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LookupTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Place redis = new Place();
  private final Place postgres = new Place();
  private final Lookup<String> lookup =
      new Lookup<>("test", redis, postgres, TestEvents.enrichConfig(), nanos::get);

  @AfterEach
  void close() {
    lookup.close();
  }

  @Test
  void asksRedisThenPostgresAndWritesBack() {
    redis.values.put("a", "from redis");
    postgres.values.put("b", "from postgres");

    assertThat(find("a")).isEqualTo(new Found<>("from redis", LookupStatus.HIT));
    assertThat(find("b")).isEqualTo(new Found<>("from postgres", LookupStatus.HIT));
    assertThat(find("c")).isEqualTo(new Found<>(null, LookupStatus.MISS));

    assertThat(redis.values).containsEntry("b", "from postgres").doesNotContainKey("c");
    assertThat(postgres.asked).containsExactly(List.of("b"), List.of("c"));
  }

  @Test
  void answersFromMemoryWhileFresh() {
    postgres.values.put("a", "1");
    find("a");
    find("missing");
    redis.values.clear();
    postgres.values.put("a", "2");
    postgres.values.put("missing", "now there");

    assertThat(lookup.find("a")).isCompletedWithValue(new Found<>("1", LookupStatus.HIT));
    assertThat(lookup.find("missing")).isCompletedWithValue(new Found<>(null, LookupStatus.MISS));

    advance(Duration.ofSeconds(5)); // missingFreshFor
    assertThat(find("missing")).isEqualTo(new Found<>("now there", LookupStatus.HIT));
    assertThat(lookup.find("a").join().value()).isEqualTo("1");

    advance(Duration.ofSeconds(55)); // freshFor
    assertThat(find("a")).isEqualTo(new Found<>("2", LookupStatus.HIT));
  }

  @Test
  void gathersKeysWhileABackendIsBusy() throws Exception {
    redis.gate = new CountDownLatch(1);
    var first = lookup.find("k-0");
    await().until(() -> redis.asked.size() == 1);
    List<CompletableFuture<Found<String>>> rest = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      rest.add(lookup.find("k-" + i % 20));
    }
    redis.gate.countDown();

    assertThat(get(first).status()).isEqualTo(LookupStatus.MISS);
    for (var answer : rest) {
      assertThat(get(answer).status()).isEqualTo(LookupStatus.MISS);
    }
    assertThat(redis.asked).hasSize(2);
    assertThat(redis.asked.get(1)).as("each key once, k-0 is known by now").hasSize(19);
  }

  @Test
  void goesOnWithPostgresWhenRedisIsDown() {
    redis.down = true;
    postgres.values.put("a", "1");

    assertThat(find("a")).isEqualTo(new Found<>("1", LookupStatus.HIT));
    for (int i = 0; i < 20; i++) {
      assertThat(find("b-" + i).status()).isEqualTo(LookupStatus.MISS);
    }
    assertThat(redis.calls())
        .as("left alone after three failures, one of them a write")
        .isEqualTo(2);
  }

  @Test
  void servesStaleValuesAndThenNothingWhenBothAreDown() {
    redis.values.put("a", "1");
    find("a");
    find("missing");
    redis.down = true;
    postgres.down = true;
    advance(Duration.ofMinutes(2));

    assertThat(find("a")).isEqualTo(new Found<>("1", LookupStatus.STALE));
    assertThat(find("missing")).isEqualTo(new Found<>(null, LookupStatus.UNAVAILABLE));
    assertThat(find("b")).isEqualTo(new Found<>(null, LookupStatus.UNAVAILABLE));
    for (int i = 0; i < 3; i++) {
      find("c-" + i);
    }
    int calls = redis.calls() + postgres.calls();
    assertThat(lookup.find("d")).as("at once while both breakers are open").isCompleted();
    assertThat(lookup.find("a").join().status()).isEqualTo(LookupStatus.STALE);
    assertThat(redis.calls() + postgres.calls()).isEqualTo(calls);

    redis.down = false;
    postgres.down = false;
    redis.values.put("a", "2");
    advance(Duration.ofSeconds(1)); // breakerPause
    assertThat(find("a")).isEqualTo(new Found<>("2", LookupStatus.HIT));
  }

  @Test
  void keepsAnAnswerOfRedisWhenPostgresIsDown() {
    redis.values.put("a", "1");
    postgres.down = true;

    assertThat(find("a").status()).isEqualTo(LookupStatus.HIT);
    assertThat(find("b").status()).isEqualTo(LookupStatus.UNAVAILABLE);
  }

  @Test
  void answersAtOnceWhenTheQueueIsFull() {
    redis.gate = new CountDownLatch(1);
    List<CompletableFuture<Found<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      answers.add(lookup.find("k-" + i));
    }

    assertThat(answers.get(1_999))
        .isCompletedWithValue(new Found<>(null, LookupStatus.UNAVAILABLE));
    redis.gate.countDown();
    answers.forEach(answer -> assertThat(get(answer)).isNotNull());
  }

  @Test
  void answersEverythingWhenItIsClosed() {
    redis.gate = new CountDownLatch(1);
    List<CompletableFuture<Found<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      answers.add(lookup.find("k-" + i));
    }

    lookup.close();

    answers.forEach(answer -> assertThat(get(answer)).isNotNull());
    assertThat(lookup.find("later")).isCompleted();
  }

  private Found<String> find(String key) {
    return get(lookup.find(key));
  }

  private static Found<String> get(CompletableFuture<Found<String>> answer) {
    try {
      return answer.get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new AssertionError("no answer", e);
    }
  }

  private void advance(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  private static final class Place implements CacheBackend<String> {
    final Map<String, String> values = new ConcurrentHashMap<>();
    final List<List<String>> asked = new CopyOnWriteArrayList<>();
    volatile boolean down;
    volatile CountDownLatch gate = new CountDownLatch(0);

    int calls() {
      return asked.size();
    }

    @Override
    public Map<String, String> load(Collection<String> keys) throws Exception {
      asked.add(List.copyOf(keys));
      gate.await();
      if (down) {
        throw new IOException("down");
      }
      Map<String, String> found = new HashMap<>(values);
      found.keySet().retainAll(keys);
      return found;
    }

    @Override
    public void keep(Map<String, String> more) throws IOException {
      if (down) {
        throw new IOException("down");
      }
      values.putAll(more);
    }
  }
}
