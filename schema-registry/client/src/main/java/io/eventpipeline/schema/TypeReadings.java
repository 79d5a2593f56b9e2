package io.eventpipeline.schema;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import tools.jackson.databind.JsonNode;

/**
 * How events of one type are read, worked out from all of its versions at one moment: the answers
 * of {@link SchemaClient} without a registry to ask. For one thread; fetches and compiles the
 * schemas that it is asked for, and keeps some tens of them.
 */
public final class TypeReadings {
  private static final int MIGRATIONS_MAX = 1_000;

  /** Some hundred KiB each at the worst, and each reading has up to two. */
  private static final int COMPILED_MAX = 50;

  private final String type;
  private final IntFunction<JsonNode> schemas;
  private final Lineage lineage;
  private final Readings readings = new Readings(MIGRATIONS_MAX);
  private final Cache<Integer, CompiledSchema> compiled =
      Caffeine.newBuilder().maximumSize(COMPILED_MAX).build();
  private final Cache<Integer, Reading> known =
      Caffeine.newBuilder().maximumSize(COMPILED_MAX).build();

  /**
   * @param versions as the registry represents them, without drafts; all of one type. Their schemas
   *     may be left out
   * @param schemas gives the schema of one of these, self-contained; null when it has gone
   *     meanwhile
   */
  public TypeReadings(String type, List<JsonNode> versions, IntFunction<JsonNode> schemas) {
    this.type = type;
    this.schemas = schemas;
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
    if (!lineage.versions().containsKey(named)) {
      return Optional.empty();
    }
    Reading reading = known.getIfPresent(named);
    if (reading == null) {
      reading = readings.of(schema(named), lineage, this::schema);
      known.put(named, reading);
    }
    return Optional.of(reading);
  }

  private CompiledSchema schema(int version) throws IOException {
    CompiledSchema schema = compiled.getIfPresent(version);
    if (schema == null) {
      JsonNode document = schemas.apply(version);
      if (document == null) {
        throw new IOException("there is no version " + version);
      }
      try {
        schema = CompiledSchema.compile(0, type, version, document);
      } catch (SchemaRejectedException e) {
        throw new IOException("version " + version + " cannot be used: " + e.getMessage(), e);
      }
      compiled.put(version, schema);
    }
    return schema;
  }
}
