package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.schema.CompiledSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShippedSchemasTest {
  @Test
  void areAllThatLieInTheDirectoryAndAllAreAccepted() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("../schemas"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.endsWith(".json"))
          .containsExactlyInAnyOrderElementsOf(
              ShippedSchemas.TYPES.stream().map(type -> type + ".json").toList());
    }
    for (String type : ShippedSchemas.TYPES) {
      CompiledSchema.compile(1, type, 1, ShippedSchemas.read(type));
      assertThat(SafePatterns.firstUnsafe(ShippedSchemas.read(type))).as(type).isEmpty();
    }
    assertThat(ShippedSchemas.TYPES.stream().map(ShippedSchemas::read))
        .extracting(CanonicalJson::sha256)
        .doesNotHaveDuplicates()
        .hasSize(10);
  }
}
