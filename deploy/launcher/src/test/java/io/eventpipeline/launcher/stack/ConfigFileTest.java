package io.eventpipeline.launcher.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.config.ConfigReader;
import io.eventpipeline.config.Secret;
import io.eventpipeline.launcher.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  record Program(Http http, Store store) {}

  record Http(String host, int port, Duration timeout) {}

  record Store(String url, Secret password) {}

  @TempDir Path dir;
  private Path shipped;

  @BeforeEach
  void ship() throws IOException {
    shipped =
        Files.writeString(
            dir.resolve("program.minimal.yaml"),
            """
            http:
              host: 127.0.0.1
              port: 8080
              timeout: PT5S # five seconds
            store:
              url: jdbc:postgresql://localhost:5432/event_pipeline
              password: "0123"
            """);
  }

  @Test
  void isReadBackWithTheStacksAddressesAndTheShippedRest() {
    Path file = dir.resolve("with blank/program.yaml");

    ConfigFile.write(
        shipped, Map.of("http.port", 18_080, "store.url", "jdbc:postgresql://h:1/d"), file);

    assertThat(ConfigReader.read(Program.class, file, "PROGRAM", Map.of()))
        .isEqualTo(
            new Program(
                new Http("127.0.0.1", 18_080, Duration.ofSeconds(5)),
                new Store("jdbc:postgresql://h:1/d", new Secret("0123"))));
  }

  @Test
  void isReadableForItsOwnerOnlyEvenIfItWasForOthers() throws IOException {
    Path existing = Files.writeString(dir.resolve("program.yaml"), "of an earlier version");
    Files.setPosixFilePermissions(existing, PosixFilePermissions.fromString("rw-r--r--"));

    for (Path file : List.of(existing, dir.resolve("new.yaml"))) {
      ConfigFile.write(shipped, Map.of(), file);

      assertThat(Files.getPosixFilePermissions(file))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      assertThat(file).content().contains("0123");
    }
  }

  @Test
  void refusesAKeyThatTheProgramDoesNotHave() {
    assertThatThrownBy(
            () -> ConfigFile.write(shipped, Map.of("http.prot", 1), dir.resolve("x.yaml")))
        .isInstanceOf(CommandException.class)
        .hasMessageEndingWith("program.minimal.yaml has no key http.prot");
    assertThat(dir.resolve("x.yaml")).doesNotExist();
  }
}
