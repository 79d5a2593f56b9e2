package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.config.Secret;
import io.eventpipeline.registry.RegistryConfig.Postgres;
import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@WithServices(Server.POSTGRES)
class StoreOutageIT {
  @Test
  void answers503WhilePostgresIsGoneAndServesAgainWhenItIsBack(ServiceKit kit) throws Exception {
    try (TestRegistry registry = TestRegistry.start(kit.postgres())) {
      kit.postgres().kill();

      Reply read = registry.get("/schemas/cart.viewed/1");
      Reply write = registry.register("it.outage", "{}");

      assertThat(read.status()).isEqualTo(503);
      assertThat(read.code()).isEqualTo("store_unavailable");
      assertThat(read.header("Retry-After")).isNotBlank();
      assertThat(write.status()).isEqualTo(503);
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

  @Test
  void doesNotStartWithAWrongPassword(ServiceKit kit) throws Exception {
    RegistryConfig good = TestRegistry.newDatabase(kit.postgres());
    RegistryConfig bad =
        new RegistryConfig(
            good.http(),
            new Postgres(good.postgres().url(), "nobody", new Secret("not-the-password"), 1),
            good.tokens());

    assertThatThrownBy(() -> RegistryServer.start(bad))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot start")
        .hasMessageNotContaining("not-the-password");
  }
}
