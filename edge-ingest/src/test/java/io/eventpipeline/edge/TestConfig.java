package io.eventpipeline.edge;

import io.eventpipeline.config.ConfigReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The shipped configuration on free ports. */
final class TestConfig {
  private TestConfig() {}

  /** With pairs of environment variable and value on top. */
  static EdgeConfig with(String... variables) {
    Map<String, String> environment = new HashMap<>();
    environment.put("EDGE_HTTP_PORT", "0");
    environment.put("EDGE_ADMIN_PORT", "0");
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return ConfigReader.read(
        EdgeConfig.class, Path.of("config", "edge.minimal.yaml"), "EDGE", environment);
  }
}
