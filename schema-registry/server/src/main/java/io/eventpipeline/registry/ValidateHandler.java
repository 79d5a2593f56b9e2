package io.eventpipeline.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.eventpipeline.registry.store.SchemaStore;
import io.eventpipeline.registry.store.SchemaVersion;
import io.eventpipeline.schema.CompiledSchema;
import io.eventpipeline.schema.Reading;
import io.eventpipeline.schema.SchemaRejectedException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /schemas/{type}/validate}: would the job take this event's data? Against the version
 * asked for and nothing else; with {@code upcast=true} by whatever corrects it, and as the version
 * that the job would write.
 */
final class ValidateHandler {
  /** A compiled schema takes some hundred KiB at the worst: 100 stay below a heap of 64 MiB. */
  private static final int COMPILED_MAX = 100;

  private static final Set<String> MEMBERS = Set.of("data", "version");
  private static final Set<String> PARAMETERS = Set.of("upcast");

  private final SchemaStore store;
  private final Workers workers;

  /** By content, which never changes. */
  private final Cache<String, CompiledSchema> compiled =
      Caffeine.newBuilder().maximumSize(COMPILED_MAX).build();

  ValidateHandler(SchemaStore store, Workers workers) {
    this.store = store;
    this.workers = workers;
  }

  /** Answers 200 with the first violations, or with none; drafts can be tried out, too. */
  void validate(RoutingContext ctx) {
    Parameters.allow(ctx, PARAMETERS);
    boolean upcast = Parameters.flag(ctx, "upcast");
    String type = Parameters.type(ctx);
    byte[] bytes = JsonBody.bytes(ctx);
    workers.run(
        ctx,
        () -> {
          ObjectNode body = JsonBody.object(bytes, MEMBERS);
          if (!body.has("data")) {
            throw new Problem(Problem.Code.INVALID_REQUEST, "data must be there");
          }
          SchemaVersion schema = SchemasHandler.find(store, type, version(body.path("version")));
          JsonNode data = body.get("data");
          return SchemaDocuments.bytes(
              upcast
                  ? upcast(schema, data)
                  : SchemaDocuments.write(schema, compiled(schema).validate(data)));
        },
        answer ->
            ctx.response()
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(Buffer.buffer(answer)));
  }

  private ObjectNode upcast(SchemaVersion named, JsonNode data)
      throws SchemaRejectedException, SQLException {
    try {
      Reading reading =
          SchemaDocuments.readings(store, named.type())
              .of(named.version())
              .orElse(Reading.plain(compiled(named))); // a draft: no event can name it yet
      return SchemaDocuments.write(named, reading, reading.read(data));
    } catch (IOException e) {
      throw new Problem(Problem.Code.SCHEMA_REJECTED, e.getMessage());
    }
  }

  private static int version(JsonNode version) {
    if (version.isMissingNode() || (version.isString() && version.asString().equals("latest"))) {
      return 0;
    }
    if (version.isInt() && version.asInt() >= 1) {
      return version.asInt();
    }
    throw new Problem(Problem.Code.INVALID_REQUEST, "version must be a number from 1, or latest");
  }

  private CompiledSchema compiled(SchemaVersion schema)
      throws SchemaRejectedException, SQLException {
    CompiledSchema known = compiled.getIfPresent(schema.content().sha256());
    if (known == null) {
      known =
          CompiledSchema.compile(
              schema.id(),
              schema.type(),
              schema.version(),
              JsonBody.JSON.readTree(schema.content().selfContained()));
      compiled.put(schema.content().sha256(), known);
    }
    return known;
  }
}
