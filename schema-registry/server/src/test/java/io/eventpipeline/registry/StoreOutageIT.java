package io.eventpipeline.registry;

import static io.eventpipeline.registry.DialectFixture.assertError;
import static io.eventpipeline.registry.DialectFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.config.Secret;
import io.eventpipeline.registry.RegistryConfig.Postgres;
import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@WithServices(Server.POSTGRES)
class StoreOutageIT {
  /** More than wait for a thread, in each dialect alone. */
  private static final int TOO_MANY = 2 * 300;

  @Test
  void answers503WhilePostgresIsGoneAndServesAgainWhenItIsBack(ServiceKit kit) throws Exception {
    try (TestRegistry registry = TestRegistry.start(kit.postgres())) {
      kit.postgres().kill();

      // At once, as each waits some seconds for a connection
      CompletableFuture<Reply> writes =
          registry.later("/schemas", "{\"type\":\"it.outage\",\"schema\":{}}");
      CompletableFuture<Reply> looksUp =
          registry.later("/subjects/cart.viewed", request("{}", null));
      Reply read = registry.get("/schemas/cart.viewed/1");
      Reply write = writes.get(30, TimeUnit.SECONDS);
      Reply theirs = looksUp.get(30, TimeUnit.SECONDS);

      assertThat(read.status()).isEqualTo(503);
      assertThat(read.code()).isEqualTo("store_unavailable");
      assertThat(read.header("Retry-After")).isNotBlank();
      assertThat(write.status()).isEqualTo(503);
      assertError(theirs, 500, 50001);
      assertThat(theirs.header("Retry-After")).isNotBlank();
      assertThat(registry.get("/health/ready").status()).isEqualTo(503);
      assertThat(registry.get("/health/live").status()).isEqualTo(200);

      kit.postgres().restart();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> registry.get("/health/ready").status() == 200);
      assertThat(registry.get("/schemas/cart.viewed/1").status()).isEqualTo(200);
      assertThat(registry.register("it.outage", "{}").status()).isEqualTo(201);
    }
  }

  /** While another holds the subject, registrations wait for it; soon there are too many. */
  @Test
  void refusesInEitherDialectWhatItWillNotGetTo(ServiceKit kit) throws Exception {
    try (TestRegistry registry = TestRegistry.start(kit.postgres());
        Connection other = registry.database().getConnection();
        Statement statement = other.createStatement()) {
      registry.call("PUT", "/config/it.busy", "{\"compatibility\":\"NONE\"}");
      other.setAutoCommit(false);
      statement.execute("SELECT FROM registry.subject WHERE type = 'it.busy' FOR UPDATE");

      List<CompletableFuture<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < TOO_MANY; i++) {
        replies.add(
            i % 2 == 0
                ? registry.later("/schemas", "{\"type\":\"it.busy\",\"schema\":{}}")
                : registry.later("/subjects/it.busy/versions", request("{}", null)));
      }

      assertThat(first(replies, 0, 503).code()).isEqualTo("overloaded");
      Reply theirs = first(replies, 1, 500);
      assertError(theirs, 500, 50002);
      assertThat(theirs.header("Retry-After")).isNotBlank();
      other.rollback();
      for (CompletableFuture<Reply> reply : replies) {
        assertThat(reply.get(60, TimeUnit.SECONDS).status()).isIn(200, 201, 500, 503);
      }
      assertThat(registry.get("/schemas?type=it.busy").json().path("schemas")).hasSize(1);
    }
  }

  /** The first answer of this status to every second request; it comes while the others wait. */
  private static Reply first(List<CompletableFuture<Reply>> replies, int from, int status) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                IntStream.range(0, replies.size())
                    .filter(i -> i % 2 == from)
                    .mapToObj(replies::get)
                    .filter(reply -> reply.isDone() && !reply.isCompletedExceptionally())
                    .map(CompletableFuture::join)
                    .filter(reply -> reply.status() == status)
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  @Test
  void doesNotStartWithAWrongPassword(ServiceKit kit) throws Exception {
    RegistryConfig good = TestRegistry.newDatabase(kit.postgres());
    RegistryConfig bad =
        new RegistryConfig(
            good.http(),
            new Postgres(good.postgres().url(), "nobody", new Secret("not-the-password"), 1),
            good.tokens());

    long begun = System.nanoTime();
    assertThatThrownBy(() -> RegistryServer.start(bad))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot start")
        .hasMessageNotContaining("not-the-password");
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .as("one that is away is waited for 7 s and more, this is not")
        .isLessThan(Duration.ofSeconds(7));
  }
}
