package io.eventpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {
  private static final String YAML =
      """
      http: {port: 8080, bodyBytesMax: 1000}
      timeout: PT2S
      key: hush
      """;

  @TempDir Path folder;

  record Http(int port, int bodyBytesMax) {
    Http {
      Check.that(port >= 0 && port <= 65_535, "http.port must be in 0..65535, was %s", port);
    }
  }

  record Sample(Http http, Duration timeout, Secret key) {}

  @Test
  void readsTheFile() throws IOException {
    assertThat(read(YAML, Map.of()))
        .isEqualTo(new Sample(new Http(8080, 1000), Duration.ofSeconds(2), new Secret("hush")));
  }

  @Test
  void letsTheEnvironmentWin() throws IOException {
    Sample sample =
        read(YAML, Map.of("EDGE_HTTP_BODY_BYTES_MAX", "7", "EDGE_KEY", "42", "OTHER", "x"));

    assertThat(sample.http().bodyBytesMax()).isEqualTo(7);
    assertThat(sample.key()).isEqualTo(new Secret("42"));
  }

  @Test
  void reportsUnknownMissingAndUnitlessKeysAtOnce() {
    String yaml = "{http: {port: 1, bodyByteMax: 3}, timeout: 10, key: k}";

    assertThatThrownBy(() -> read(yaml, Map.of("EDGE_HTTP_PROT", "1")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("http.bodyByteMax is not a key")
        .hasMessageContaining("http.bodyBytesMax is missing")
        .hasMessageContaining("timeout must be an ISO-8601 duration")
        .hasMessageContaining("EDGE_HTTP_PROT names no key");
  }

  @Test
  void namesTheValueThatIsOutOfRange() {
    assertThatThrownBy(() -> read(YAML, Map.of("EDGE_HTTP_PORT", "70000")))
        .hasMessageContaining("http.port must be in 0..65535, was 70000");
  }

  @Test
  void refusesNumbersInQuotes() {
    assertThatThrownBy(() -> read(YAML.replace("8080", "\"8080\""), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("http.port");
  }

  @Test
  void neverPrintsASecret() throws IOException {
    assertThat(read(YAML, Map.of()).toString()).contains("key=***").doesNotContain("hush");
  }

  record WithSection(int a, Optional<Http> http) {}

  @Test
  void letsAnOptionalSectionBeLeftOutAsAWholeOnly() throws IOException {
    assertThat(section("a: 1", Map.of())).isEqualTo(new WithSection(1, Optional.empty()));
    assertThat(section("{a: 1, http: {port: 2, bodyBytesMax: 3}}", Map.of()))
        .isEqualTo(new WithSection(1, Optional.of(new Http(2, 3))));
    assertThat(section("a: 1", Map.of("EDGE_HTTP_PORT", "4", "EDGE_HTTP_BODY_BYTES_MAX", "5")))
        .isEqualTo(new WithSection(1, Optional.of(new Http(4, 5))));
    assertThatThrownBy(() -> section("{a: 1, http: {port: 2, x: 3}}", Map.of()))
        .hasMessageContaining("http.x is not a key")
        .hasMessageContaining("http.bodyBytesMax is missing");
    assertThatThrownBy(() -> section("{}", Map.of())).hasMessageContaining("a is missing");
  }

  private WithSection section(String yaml, Map<String, String> environment) throws IOException {
    Path file = Files.writeString(folder.resolve("section.yaml"), yaml);
    return ConfigReader.read(WithSection.class, file, "EDGE", environment);
  }

  private Sample read(String yaml, Map<String, String> environment) throws IOException {
    Path file = Files.writeString(folder.resolve("sample.yaml"), yaml);
    return ConfigReader.read(Sample.class, file, "EDGE", environment);
  }
}
