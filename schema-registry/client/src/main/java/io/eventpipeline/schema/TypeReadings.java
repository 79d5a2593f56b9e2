package io.eventpipeline.schema;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How events of one type are read, worked out from all of its versions at one moment: the answers
 * of {@link SchemaClient} without a registry to ask. For one thread; compiles what it is asked for.
 */
public final class TypeReadings {
  private static final int MIGRATIONS_MAX = 1_000;

  private final Map<Integer, JsonNode> bodies = new HashMap<>();
  private final Map<Integer, CompiledSchema> compiled = new HashMap<>();
  private final Map<Integer, Reading> known = new HashMap<>();
  private final Lineage lineage;
  private final Readings readings = new Readings(MIGRATIONS_MAX);

  /**
   * @param versions as the registry represents them, without drafts; all of one type
   */
  public TypeReadings(List<JsonNode> versions) {
    versions.forEach(body -> bodies.put(Key.of(body).version(), body));
    this.lineage = Lineage.of(versions);
  }

  /**
   * The reading of events that name a version.
   *
   * @param named from 1
   * @return empty when there is no such version
   * @throws IOException when what it takes cannot be used
   */
  public Optional<Reading> of(int named) throws IOException {
    if (!bodies.containsKey(named)) {
      return Optional.empty();
    }
    Reading reading = known.get(named);
    if (reading == null) {
      reading = readings.of(schema(named), lineage, this::schema);
      known.put(named, reading);
    }
    return Optional.of(reading);
  }

  private CompiledSchema schema(int version) throws IOException {
    CompiledSchema schema = compiled.get(version);
    JsonNode body = bodies.get(version);
    if (schema == null && body != null) {
      try {
        schema =
            CompiledSchema.compile(
                body.path("id").asInt(0), Key.of(body).type(), version, body.path("schema"));
      } catch (SchemaRejectedException e) {
        throw new IOException("version " + version + " cannot be used: " + e.getMessage(), e);
      }
      compiled.put(version, schema);
    }
    if (schema == null) {
      throw new IOException("there is no version " + version);
    }
    return schema;
  }
}
