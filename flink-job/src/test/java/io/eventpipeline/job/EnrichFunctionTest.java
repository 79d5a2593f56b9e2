package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.config.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.streaming.api.functions.async.CollectionSupplier;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.util.MockStreamingRuntimeContext;
import org.junit.jupiter.api.Test;

class EnrichFunctionTest {
  /** So long that a test which waited for it would fail. */
  private static final Duration SILENCE = Duration.ofMinutes(5);

  @Test
  void goesOnWithoutWhoeverDoesNotAnswerInTime() throws Exception {
    int port = closedPort();
    var redis =
        new JobConfig.Redis("127.0.0.1", port, new Secret(""), SILENCE, 2, Duration.ofMinutes(1));
    var function = new EnrichFunction(redis, away(), TestEvents.enrichConfig());
    function.setRuntimeContext(new MockStreamingRuntimeContext(1, 0));
    function.open(null); // nobody listens yet, which is an answer and ends the warm-up
    try {
      EnrichedEvent enriched;
      try (var silent = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
        var in = TestEvents.cart(TestEvents.event(TestEvents.added("a", "SKU-1", 2, "19.90")));
        enriched = enrich(function, in);
      }

      assertThat(enriched.event().id()).isEqualTo("a");
      assertThat(enriched.profile().status()).isEqualTo(LookupStatus.UNAVAILABLE);
      assertThat(enriched.store().status()).isEqualTo(LookupStatus.UNAVAILABLE);
    } finally {
      function.close();
    }
  }

  /** It would keep the event for as long as it lasts. */
  @Test
  void forgetsTheLimitOfWhoIsAnsweredInTime() throws Exception {
    int port = closedPort();
    var redis =
        new JobConfig.Redis("127.0.0.1", port, new Secret(""), SILENCE, 2, Duration.ofMinutes(1));
    JobConfig.Enrich config = TestEvents.enrichConfig();
    var function = new EnrichFunction(redis, away(), config);
    function.setRuntimeContext(new MockStreamingRuntimeContext(1, 0));
    function.open(null);
    try {
      var result = new Result();
      try (var silent = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
        function.asyncInvoke(
            TestEvents.cart(TestEvents.event(TestEvents.added("a", "SKU-1", 2, "19.90"))), result);
        assertThat(result.future).as("a limit is set").isNotDone();
      } // resets the connection, which is an answer

      result.future.get(1, TimeUnit.MINUTES);
      await()
          .during(config.timeout().plusMillis(500))
          .atMost(Duration.ofMinutes(1))
          .until(() -> result.completions.get() == 1);
    } finally {
      function.close();
    }
  }

  private static EnrichedEvent enrich(EnrichFunction function, CartEvent in) throws Exception {
    var result = new Result();
    function.asyncInvoke(in, result);
    return result.future.get(1, TimeUnit.MINUTES).iterator().next();
  }

  private static int closedPort() throws IOException {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private static JobConfig.Postgres away() {
    return new JobConfig.Postgres(
        "jdbc:postgresql://127.0.0.1:1/none", "nobody", new Secret(""), Duration.ofMillis(250), 1);
  }

  private static final class Result implements ResultFuture<EnrichedEvent> {
    private final CompletableFuture<Collection<EnrichedEvent>> future = new CompletableFuture<>();
    private final AtomicInteger completions = new AtomicInteger();

    @Override
    public void complete(Collection<EnrichedEvent> events) {
      completions.incrementAndGet();
      future.complete(events);
    }

    @Override
    public void complete(CollectionSupplier<EnrichedEvent> supplier) {
      try {
        complete(supplier.get());
      } catch (Exception e) {
        completeExceptionally(e);
      }
    }

    @Override
    public void completeExceptionally(Throwable error) {
      completions.incrementAndGet();
      future.completeExceptionally(error);
    }
  }
}
