package io.eventpipeline.services;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

/** The contract with containers; skipped where no Docker daemon answers. */
class ServerContainersIT extends ServerContract {
  private static ServiceKit kit;

  @BeforeAll
  static void start(@TempDir Path directory) {
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "no Docker daemon here: the container variant of the test kit is not tested");
    kit =
        ServiceKit.builder(directory).containers().kafka().redis().postgres().clickhouse().start();
  }

  @AfterAll
  static void stop() {
    if (kit != null) {
      kit.close();
    }
  }

  @Override
  ServiceKit kit() {
    return kit;
  }
}
