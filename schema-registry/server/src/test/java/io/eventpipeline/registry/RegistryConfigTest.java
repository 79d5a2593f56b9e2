package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.config.ConfigException;
import io.eventpipeline.config.ConfigReader;
import io.eventpipeline.config.Secret;
import io.eventpipeline.registry.RegistryConfig.ClickHouse;
import io.eventpipeline.registry.RegistryConfig.Http;
import io.eventpipeline.registry.RegistryConfig.Login;
import io.eventpipeline.registry.RegistryConfig.Postgres;
import io.eventpipeline.registry.RegistryConfig.Rights;
import io.eventpipeline.registry.RegistryConfig.Sample;
import io.eventpipeline.registry.RegistryConfig.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryConfigTest {
  private static final Path MINIMAL = Path.of("config/registry.minimal.yaml");

  private static final Sample SAMPLE =
      new Sample(5_000_000, 1_000_000_000, 20_000_000_000L, Duration.ofSeconds(45));

  @TempDir Path folder;

  @Test
  void needsNoClickHouse() throws IOException {
    String text = Files.readString(MINIMAL);
    Path without = folder.resolve("without.yaml");
    Files.writeString(without, text.substring(0, text.indexOf("clickhouse:")));

    assertThat(read(without, Map.of()).clickhouse()).isEmpty();
  }

  @Test
  void refusesASampleThatOutlivesItsConnection() {
    assertThatThrownBy(() -> read(MINIMAL, Map.of("REGISTRY_CLICKHOUSE_SAMPLE_TIME_MAX", "PT1M")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("clickhouse.sample.timeMax must be in PT1S..PT50S");
  }

  @Test
  void readsTheMinimalFile() {
    assertThat(read(MINIMAL, Map.of()))
        .isEqualTo(
            new RegistryConfig(
                new Http("127.0.0.1", 8085),
                new Postgres(
                    "jdbc:postgresql://127.0.0.1:5432/event_pipeline",
                    "postgres",
                    new Secret("postgres-local"),
                    8),
                List.of(new Token("dev", new Secret("dev-registry-token"), Rights.WRITE)),
                Optional.of(
                    new ClickHouse(
                        "http://127.0.0.1:8123",
                        "events",
                        new Login("analyst", new Secret("analyst-local")),
                        Optional.of(new Login("registry", new Secret("registry-local"))),
                        SAMPLE))));
  }

  @Test
  void readsTheReferenceFile() {
    assertThat(read(Path.of("config/registry.reference.yaml"), Map.of()))
        .isEqualTo(
            new RegistryConfig(
                new Http("0.0.0.0", 8085),
                new Postgres(
                    "jdbc:postgresql://postgres:5432/event_pipeline",
                    "registry",
                    new Secret("change-me-please"),
                    16),
                List.of(
                    new Token("pipeline", new Secret("change-me-please-1"), Rights.READ),
                    new Token("schema-owners", new Secret("change-me-please-2"), Rights.WRITE),
                    new Token(
                        "checkout-team",
                        new Secret("change-me-please-3"),
                        Rights.WRITE,
                        List.of("checkout.*", "order.completed"))),
                Optional.of(
                    new ClickHouse(
                        "http://clickhouse:8123",
                        "events",
                        new Login("registry_reader", new Secret("change-me-please-4")),
                        Optional.of(new Login("registry", new Secret("change-me-please-5"))),
                        SAMPLE))));
  }

  @Test
  void takesPasswordAndTokensFromTheEnvironmentAndPrintsNeither() {
    RegistryConfig config =
        read(
            MINIMAL,
            Map.of(
                "REGISTRY_POSTGRES_PASSWORD", "p-from-env",
                "REGISTRY_TOKENS",
                    "[{\"user\":\"ci\",\"secret\":\"s-from-env\",\"rights\":\"READ\"}]"));

    assertThat(config.postgres().password().value()).isEqualTo("p-from-env");
    assertThat(config.tokens())
        .containsExactly(new Token("ci", new Secret("s-from-env"), Rights.READ));
    assertThat(config.toString()).doesNotContain("p-from-env", "s-from-env");
  }

  @Test
  void refusesTokensThatProtectNothing() {
    for (String tokens :
        List.of(
            "[]",
            "[{\"user\":\"a\",\"secret\":\"short\",\"rights\":\"READ\"}]",
            "[{\"user\":\"a:b\",\"secret\":\"long-enough\",\"rights\":\"READ\"}]",
            "[{\"user\":\"a\",\"secret\":\"long-enough\"}]",
            "[{\"user\":\"a\",\"secret\":\"long-enough\",\"rights\":\"READ\",\"subjects\":[]}]",
            "[{\"user\":\"a\",\"secret\":\"long-enough\",\"rights\":\"READ\",\"subjects\":[\"a b\"]}]",
            "[{\"user\":\"a\",\"secret\":\"long-enough\",\"rights\":\"READ\",\"subject\":[\"a\"]}]",
            "[{\"user\":\"a\",\"secret\":\"long-enough\",\"rights\":\"ROOT\"}]",
            "[{\"user\":\"a\",\"secret\":\"long-enough\",\"rights\":\"READ\"},"
                + "{\"user\":\"a\",\"secret\":\"long-enough-2\",\"rights\":\"READ\"}]")) {
      assertThatThrownBy(() -> read(MINIMAL, Map.of("REGISTRY_TOKENS", tokens)))
          .as(tokens)
          .isInstanceOf(ConfigException.class)
          .hasMessageNotContaining("long-enough");
    }
  }

  private static RegistryConfig read(Path file, Map<String, String> environment) {
    return ConfigReader.read(RegistryConfig.class, file, "REGISTRY", environment);
  }
}
