package io.eventpipeline.job;

import io.eventpipeline.schema.CompiledSchema;
import io.eventpipeline.schema.Lookup;
import io.eventpipeline.schema.Reading;
import io.eventpipeline.schema.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** The shipped event types, each in version 1, without a registry. */
final class FileSchemas implements SchemaSource {
  private static final long serialVersionUID = 1L;

  @Override
  public Schemas open() throws Exception {
    Map<String, CompiledSchema> byType = new HashMap<>();
    try (Stream<Path> files = Files.list(Path.of("..", "schema-registry", "schemas"))) {
      for (Path file : files.sorted().toList()) {
        String type = file.getFileName().toString().replace(".json", "");
        byType.put(type, compile(type, file, byType.size() + 1));
      }
    }
    return new Schemas() {
      @Override
      public Lookup find(String type, int version) {
        CompiledSchema schema = byType.get(type);
        if (schema == null) {
          return type.equals("registry.down")
              ? new Lookup(Lookup.Outcome.UNAVAILABLE, null, "the registry does not answer")
              : new Lookup(Lookup.Outcome.UNKNOWN_TYPE, null, "no such type");
        }
        return version > 1
            ? new Lookup(Lookup.Outcome.UNKNOWN_VERSION, null, "no such version")
            : new Lookup(Lookup.Outcome.FOUND, Reading.plain(schema), "");
      }

      @Override
      public CompletableFuture<Lookup> lookup(String type, int version) {
        return CompletableFuture.completedFuture(find(type, version));
      }

      @Override
      public void close() {
        byType.clear();
      }
    };
  }

  private static CompiledSchema compile(String type, Path file, int id) throws Exception {
    return CompiledSchema.compile(id, type, 1, JsonMapper.shared().readTree(read(file)));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file);
  }
}
