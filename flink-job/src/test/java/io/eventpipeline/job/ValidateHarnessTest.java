package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.config.Secret;
import io.eventpipeline.contract.DeadLetter;
import io.eventpipeline.contract.FailureReason;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ValidateHarnessTest {
  private ValidateHarness harness;

  @BeforeEach
  void open() throws Exception {
    harness = ValidateHarness.open(new FileSchemas());
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void stampsTheVersionThatTheEventWasHeldAgainst() throws Exception {
    harness.send(TestEvents.added("i-1", "SKU-1", 1, "19.90"));

    assertThat(harness.extractOutputValues())
        .extracting(valid -> valid.event().schemaVersion())
        .containsExactly(1);
  }

  @Test
  void saysWhereTheDataBreaksTheSchema() throws Exception {
    harness.send(TestEvents.added("i-1", "SKU-1", 0, "-1"));

    assertThat(harness.refusals()).hasSize(1);
    assertThat(harness.refusals().get(0).reason()).isEqualTo(FailureReason.SCHEMA_VIOLATION);
    assertThat(harness.refusals().get(0).detail()).contains("/quantity").contains("/unit_price");
    assertThat(harness.refusals().get(0).event().schemaVersion()).isEqualTo(1);
    assertThat(harness.extractOutputValues()).isEmpty();
  }

  @Test
  void refusesANumberThatNoLongHolds() throws Exception {
    String data = "{\"sku\":\"S\",\"quantity\":1e99,\"unit_price\":1,\"currency\":\"EUR\"}";
    harness.send(TestEvents.envelope("a", "cart.item_added", "s", TestEvents.RECEIVED, data));

    assertThat(harness.refusals()).hasSize(1);
    assertThat(harness.refusals().get(0).reason()).isEqualTo(FailureReason.SCHEMA_VIOLATION);
    assertThat(harness.refusals().get(0).detail()).contains("/quantity: must have a maximum");
  }

  @Test
  void tellsAnUnknownTypeFromAnUnknownVersion() throws Exception {
    harness.send(TestEvents.envelope("a", "cart.exploded", "s", TestEvents.RECEIVED, "{}"));
    harness.send(
        TestEvents.envelope("c", "cart.viewed", "s", TestEvents.RECEIVED, "{}")
            .replace("\"storeid\"", "\"dataschema\":\"schema:cart.viewed/2\",\"storeid\""));

    assertThat(harness.refusals())
        .extracting(DeadLetter::reason)
        .containsExactly(FailureReason.UNKNOWN_TYPE, FailureReason.UNKNOWN_VERSION);
  }

  @Test
  void failsTheStartWhenTheRegistryDoesNotAnswer() {
    var registry =
        new RegistrySchemas(
            new JobConfig.Registry(
                "http://127.0.0.1:1",
                new Secret("token"),
                Duration.ofMillis(200),
                Duration.ofMillis(300),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                10),
            new JobConfig.Redis(
                "127.0.0.1", 1, new Secret(""), Duration.ofMillis(200), 1, Duration.ofMinutes(1)));

    assertThatThrownBy(registry::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no schemas from http://127.0.0.1:1");
  }
}
