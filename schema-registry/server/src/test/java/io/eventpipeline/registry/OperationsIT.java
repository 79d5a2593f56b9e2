package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request may cost that needs no right, or hardly one. */
@WithServices(Server.POSTGRES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperationsIT {
  @AutoClose private TestRegistry registry;

  @BeforeAll
  void start(ServiceKit kit) throws Exception {
    registry = TestRegistry.start(kit.postgres());
  }

  @Test
  void asksTheDatabaseOnceASecondWhetherItIsThere() throws Exception {
    String taken = "hikaricp_connections_acquire_seconds_count";
    double before = registry.metric(taken, "");
    assertThat(before).as("it has started").isPositive();
    long begin = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      assertThat(registry.get(i % 2 == 0 ? "/health" : "/health/ready").status()).isEqualTo(200);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;

    assertThat(registry.metric(taken, "") - before).isLessThanOrEqualTo(seconds + 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/contexts/:.:",
        "/contexts/:.:/contexts/:.:/subjects",
        "/contexts/:.://contexts/:.:/subjects",
        "/contexts/:.:/%63ontexts/:.:/subjects"
      })
  void refusesAContextInAContext(String path) throws Exception {
    assertThat(registry.get("/contexts/:.:/subjects").status()).isEqualTo(200);
    assertThat(registry.get(path).errorCode()).isEqualTo(404);
    assertThat(registry.get("/contexts/:.:".repeat(500) + "/subjects").errorCode()).isEqualTo(404);
  }
}
