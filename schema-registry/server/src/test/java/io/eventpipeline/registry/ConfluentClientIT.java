package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Confluent's own client for Node registers, reads, evolves, is refused, and deletes. What it does
 * is in {@code src/test/npm/confluent-client.js}.
 */
@WithServices(Server.POSTGRES)
class ConfluentClientIT {
  private static final Path SOURCE = Path.of("src/test/npm");
  private static final Path WORK = Path.of("target/npm");
  private static final int MINUTES_MAX = 10;

  @Test
  void worksUnchanged(ServiceKit kit) throws Exception {
    install();
    try (TestRegistry registry = TestRegistry.start(kit.postgres())) {
      String output = run(List.of("node", "confluent-client.js", registry.url()));

      assertThat(output).endsWith("ALL GOOD");
    }
  }

  private static void install() throws IOException, InterruptedException {
    Files.createDirectories(WORK);
    for (String file :
        List.of("package.json", "package-lock.json", ".npmrc", "confluent-client.js")) {
      Files.copy(SOURCE.resolve(file), WORK.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    Path lock = WORK.resolve("package-lock.json");
    Path done = WORK.resolve("installed-lock.json");
    if (!Files.exists(done) || Files.mismatch(lock, done) != -1) {
      run(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"));
      Files.copy(lock, done, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(WORK, "output", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(WORK.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)).as("%s ends", command).isTrue();
      String text = Files.readString(output).strip();
      assertThat(process.exitValue()).as(text).isZero();
      return text;
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
