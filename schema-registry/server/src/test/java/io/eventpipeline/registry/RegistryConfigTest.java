package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.config.ConfigException;
import io.eventpipeline.config.ConfigReader;
import io.eventpipeline.config.Secret;
import io.eventpipeline.registry.RegistryConfig.Http;
import io.eventpipeline.registry.RegistryConfig.Postgres;
import io.eventpipeline.registry.RegistryConfig.Rights;
import io.eventpipeline.registry.RegistryConfig.Token;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistryConfigTest {
  private static final Path MINIMAL = Path.of("config/registry.minimal.yaml");

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
                List.of(new Token("dev", new Secret("dev-registry-token"), Rights.WRITE))));
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
                        List.of("checkout.*", "order.completed")))));
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
