package io.eventpipeline.edge;

import io.eventpipeline.schema.Lookup;
import io.eventpipeline.schema.SchemaCacheConfig;
import io.eventpipeline.schema.SchemaClient;
import io.eventpipeline.schema.SchemaClientConfig;
import io.eventpipeline.schema.Schemas;
import io.eventpipeline.schema.Violation;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells a caller at once what the job would say of an event's {@code data} later.
 *
 * <p>Only what is surely wrong is refused: data that breaks a schema which is in memory. A schema
 * that is not is fetched in the background, and the event goes to the job unseen, which waits for
 * the schema as the edge must not; so an outage of the registry costs no event, and no type and no
 * version is called unknown here. Never blocks; safe for use by many threads.
 */
final class SchemaGate implements AutoCloseable {
  /** As the job reads: a binary 0.1 is no multiple of 0.01. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final Schemas schemas; // null when nothing is validated
  private final LongAdder unseen = new LongAdder();

  SchemaGate(Schemas schemas) {
    this.schemas = schemas;
  }

  /** A gate as configured; starts without waiting for registry or Redis. */
  static SchemaGate open(EdgeConfig.Schemas config) {
    if (!config.validate()) {
      return new SchemaGate(null);
    }
    SchemaClientConfig client =
        SchemaClientConfig.of(config.registryUrl().toString(), config.registryToken().value());
    SchemaCacheConfig cache =
        SchemaCacheConfig.of(
            config.redisHost(),
            config.redisPort(),
            config.redisPassword().value(),
            config.redisTimeout());
    return new SchemaGate(new SchemaClient(client, cache));
  }

  /**
   * Why the job would refuse an event that is otherwise right; null when it would not, or when that
   * cannot be said here.
   *
   * @param bytes hold one CloudEvents JSON object from {@code from} to {@code to}
   */
  String objection(byte[] bytes, int from, int to) {
    if (schemas == null) {
      return null;
    }
    JsonNode event;
    try {
      event = JSON.readTree(bytes, from, to - from);
    } catch (JacksonException e) {
      unseen.increment(); // well-formed, and beyond a limit of this reader: the job says which
      return null;
    }
    Lookup lookup =
        schemas
            .lookup(event.path("type").asString(""), version(event.path("dataschema")))
            .getNow(null);
    if (lookup == null || !lookup.found()) {
      unseen.increment();
      return null;
    }
    List<Violation> violations = lookup.reading().validate(event.path("data"));
    return violations.isEmpty()
        ? null
        : violations.stream().map(Violation::toString).collect(Collectors.joining("; "));
  }

  /** What stands behind the last slash, which the parser has found to be a number; 0 = newest. */
  private static int version(JsonNode dataschema) {
    String uri = dataschema.asString("");
    return uri.isEmpty() ? 0 : Integer.parseInt(uri.substring(uri.lastIndexOf('/') + 1));
  }

  /** Events that went on without being held against a schema, although they were to be. */
  long unseen() {
    return unseen.sum();
  }

  /** Values in Redis that were not what they claimed to be. */
  long cacheRefused() {
    return schemas instanceof SchemaClient client ? client.cacheStats().refused() : 0;
  }

  @Override
  public void close() {
    if (schemas != null) {
      schemas.close();
    }
  }
}
