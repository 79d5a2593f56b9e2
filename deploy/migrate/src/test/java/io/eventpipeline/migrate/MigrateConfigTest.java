package io.eventpipeline.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.config.ConfigReader;
import io.eventpipeline.config.Secret;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrateConfigTest {
  private static final MigrateConfig LOCAL =
      new MigrateConfig(
          new MigrateConfig.Postgres(
              "jdbc:postgresql://127.0.0.1:5432/event_pipeline",
              "postgres",
              new Secret("postgres-local"),
              false),
          new MigrateConfig.ClickHouse(
              "http://127.0.0.1:8123", "admin", new Secret("admin-local")));

  @ParameterizedTest
  @ValueSource(strings = {"minimal", "reference"})
  void readsTheShippedFiles(String which) {
    var config = read("config/migrate." + which + ".yaml", Map.of());

    assertThat(config).isEqualTo(LOCAL);
  }

  @Test
  void takesPasswordsFromTheEnvironmentAndNeverPrintsThem() {
    var config =
        read("config/migrate.minimal.yaml", Map.of("MIGRATE_CLICKHOUSE_PASSWORD", "planted"));

    assertThat(config.clickhouse().password().value()).isEqualTo("planted");
    assertThat(config.toString()).doesNotContain("planted", "postgres-local");
  }

  private static MigrateConfig read(String file, Map<String, String> environment) {
    return ConfigReader.read(MigrateConfig.class, Path.of(file), "MIGRATE", environment);
  }
}
