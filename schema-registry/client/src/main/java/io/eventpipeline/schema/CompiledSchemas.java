package io.eventpipeline.schema;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Schemas in memory, each compiled once; bounded, least recently used first out. Safe for use by
 * many threads.
 */
final class CompiledSchemas {
  private static final Logger LOG = LoggerFactory.getLogger(CompiledSchemas.class);

  private final Cache<Key, CompiledSchema> schemas;
  private final Cache<Key, Boolean> unconfirmed; // found in the cache, not yet heard of otherwise

  CompiledSchemas(int schemasMax) {
    schemas = Caffeine.newBuilder().maximumSize(schemasMax).build();
    unconfirmed = Caffeine.newBuilder().maximumSize(schemasMax).build();
  }

  /** What is in memory; null when it is not. */
  CompiledSchema known(Key key) {
    return schemas.getIfPresent(key);
  }

  void forEach(BiConsumer<Key, CompiledSchema> visitor) {
    schemas.asMap().forEach(visitor);
  }

  long size() {
    schemas.cleanUp();
    return schemas.estimatedSize();
  }

  /**
   * Compiles one schema, unless it is in memory with the same id. What the registry says replaces
   * what only the cache said; the other way round memory stays as it is.
   *
   * @throws IOException when it cannot be used here
   */
  CompiledSchema compile(Key key, JsonNode body, boolean fromRegistry) throws IOException {
    int id = body.path("id").asInt(0);
    CompiledSchema known = schemas.getIfPresent(key);
    boolean confirms = fromRegistry && unconfirmed.asMap().remove(key) != null;
    if (known != null && known.id() == id && !confirms) {
      return known;
    }
    CompiledSchema schema;
    try {
      schema = CompiledSchema.compile(id, key.type(), key.version(), body.path("schema"));
    } catch (SchemaRejectedException e) {
      LOG.warn("schema {} cannot be used here: {}", key, e.getMessage());
      throw new IOException("schema " + key + " cannot be used here: " + e.getMessage(), e);
    }
    if (fromRegistry) {
      schemas.put(key, schema);
      return schema;
    }
    unconfirmed.put(key, true);
    CompiledSchema other = schemas.asMap().putIfAbsent(key, schema);
    return other == null ? schema : other;
  }
}
