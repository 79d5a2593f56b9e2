package io.eventpipeline.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.config.ConfigException;
import io.eventpipeline.config.ConfigReader;
import io.eventpipeline.config.Secret;
import io.eventpipeline.edge.status.StatusConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeConfigTest {
  private static final EdgeConfig SHIPPED =
      new EdgeConfig(
          new EdgeConfig.Http(
              "127.0.0.1",
              8080,
              0,
              10_000,
              1_000_000,
              10_000_000,
              100_000_000,
              Duration.ofSeconds(10),
              Duration.ofSeconds(30),
              Duration.ofSeconds(60)),
          new EdgeConfig.Stream(1_000, 4_000_000, 4_000_000, 64, 10, Duration.ofSeconds(20)),
          new EdgeConfig.Admin("127.0.0.1", 8090),
          new EdgeConfig.Kafka(
              "localhost:9092",
              Duration.ofMillis(1),
              65_536,
              "none",
              67_108_864,
              Duration.ofSeconds(4),
              Duration.ofSeconds(10),
              100_000,
              33_554_432),
          new EdgeConfig.Keys(
              "jdbc:postgresql://localhost:5432/event_pipeline",
              "postgres",
              new Secret("postgres-local"),
              Duration.ofSeconds(10)),
          new EdgeConfig.Schemas(
              false,
              URI.create("http://localhost:8085"),
              new Secret("dev-registry-token"),
              "localhost",
              6379,
              new Secret(""),
              Duration.ofMillis(300)),
          new StatusConfig(
              URI.create("http://localhost:8081"),
              URI.create("http://localhost:8123"),
              "localhost",
              6379,
              URI.create("http://localhost:8085"),
              new Secret("dev-registry-token"),
              "event-pipeline",
              Duration.ofSeconds(1),
              Duration.ofSeconds(1)));

  @ParameterizedTest
  @ValueSource(strings = {"edge.minimal.yaml", "edge.reference.yaml"})
  void readsTheShippedFiles(String file) {
    assertThat(read(file, Map.of())).isEqualTo(SHIPPED);
  }

  @ParameterizedTest
  @CsvSource({
    "EDGE_HTTP_PORT, 65536",
    "EDGE_HTTP_BODY_BYTES_MAX, 1000001",
    "EDGE_HTTP_BATCH_BYTES_MAX, 10",
    "EDGE_HTTP_BODIES_BYTES_MAX, 10",
    "EDGE_HTTP_CONNECTIONS_MAX, 0",
    "EDGE_HTTP_HEAD_TIMEOUT, PT0S",
    "EDGE_HTTP_BODY_TIMEOUT, PT0S",
    "EDGE_STREAM_PINGS_PER_SECOND_MAX, 0",
    "EDGE_STREAM_CREDIT_EVENTS, 0",
    "EDGE_KAFKA_COMPRESSION, lz5",
    "EDGE_KAFKA_DELIVERY_TIMEOUT, PT1S",
    "EDGE_KAFKA_IN_FLIGHT_BYTES_MAX, 67108864",
    "EDGE_KEYS_POSTGRES_URL, localhost",
    "EDGE_SCHEMAS_REGISTRY_URL, localhost",
    "EDGE_SCHEMAS_REDIS_PORT, 0",
    "EDGE_SCHEMAS_REDIS_TIMEOUT, PT0S",
    "EDGE_STATUS_TIMEOUT, PT0S"
  })
  void refusesWhatCannotWork(String variable, String value) {
    assertThatThrownBy(() -> read("edge.minimal.yaml", Map.of(variable, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must ");
  }

  @Test
  void printsNoSecret() {
    assertThat(SHIPPED.toString()).doesNotContain("postgres-local").doesNotContain("dev-registry");
  }

  private static EdgeConfig read(String file, Map<String, String> environment) {
    return ConfigReader.read(EdgeConfig.class, Path.of("config", file), "EDGE", environment);
  }
}
