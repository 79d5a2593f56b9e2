package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.config.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

  private static EnrichedEvent enrich(EnrichFunction function, CartEvent in) throws Exception {
    var result = new CompletableFuture<Collection<EnrichedEvent>>();
    function.asyncInvoke(in, new Result(result));
    return result.get(1, TimeUnit.MINUTES).iterator().next();
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

  private record Result(CompletableFuture<Collection<EnrichedEvent>> future)
      implements ResultFuture<EnrichedEvent> {
    @Override
    public void complete(Collection<EnrichedEvent> events) {
      future.complete(events);
    }

    @Override
    public void complete(CollectionSupplier<EnrichedEvent> supplier) {
      try {
        future.complete(supplier.get());
      } catch (Exception e) {
        future.completeExceptionally(e);
      }
    }

    @Override
    public void completeExceptionally(Throwable error) {
      future.completeExceptionally(error);
    }
  }
}
