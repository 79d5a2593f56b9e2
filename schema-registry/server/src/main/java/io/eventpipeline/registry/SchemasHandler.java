package io.eventpipeline.registry;

import io.eventpipeline.registry.SchemaDocuments.Proposal;
import io.eventpipeline.registry.SchemaStore.Registration;
import io.eventpipeline.schema.SchemaLimits;
import io.eventpipeline.schema.SchemaRejectedException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** The native API: list, register, get. Parses, calls the store on a worker, answers. */
final class SchemasHandler {
  private static final int LIMIT_DEFAULT = 50;

  /** Pages of at most 100 schemas of 64 KiB: 6.4 MB at the very worst. */
  private static final int LIMIT_MAX = 100;

  private static final Set<String> LIST_PARAMETERS = Set.of("type", "limit", "after");

  private final SchemaStore store;
  private final Workers workers;
  private final RegistryMetrics metrics;

  SchemasHandler(SchemaStore store, Workers workers, RegistryMetrics metrics) {
    this.store = store;
    this.workers = workers;
    this.metrics = metrics;
  }

  /** An answer that can be had again by its tag; no body when the caller has it already. */
  private record Tagged(String etag, byte[] body) {}

  /** {@code POST /schemas}: 201 for a new version, 200 when the type has this content already. */
  void register(RoutingContext ctx) {
    byte[] body = ctx.body().buffer() == null ? new byte[0] : ctx.body().buffer().getBytes();
    String actor = Access.actor(ctx);
    workers.run(
        ctx,
        () -> {
          try {
            Proposal proposal = SchemaDocuments.readProposal(body);
            Registration done =
                store.register(
                    proposal.type(),
                    proposal.document(),
                    proposal.sha256(),
                    proposal.description(),
                    actor);
            metrics.registered(done.created());
            return done;
          } catch (Problem | SchemaRejectedException e) {
            metrics.rejected();
            throw e;
          }
        },
        done -> {
          SchemaVersion schema = done.schema();
          ctx.response()
              .setStatusCode(done.created() ? 201 : 200)
              .putHeader(
                  HttpHeaders.LOCATION, "/schemas/" + schema.type() + "/" + schema.version());
          send(ctx, tagged(schema));
        });
  }

  /** {@code GET /schemas?type=&limit=&after=}. The tag covers the registry, not just the page. */
  void list(RoutingContext ctx) {
    for (String name : ctx.queryParams().names()) {
      if (!LIST_PARAMETERS.contains(name)) {
        throw new Problem(Problem.Code.INVALID_REQUEST, "There is no parameter '" + name + "'");
      }
    }
    String type = ctx.queryParams().contains("type") ? ctx.queryParams().get("type") : "";
    int limit = (int) number(ctx, "limit", LIMIT_DEFAULT, 1, LIMIT_MAX);
    long after = number(ctx, "after", 0, 0, Long.MAX_VALUE);
    if (!type.isEmpty() && !SchemaLimits.isType(type)) {
      throw new Problem(Problem.Code.INVALID_REQUEST, "type is not the name of an event type");
    }
    String wanted = ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH);
    workers.run(
        ctx,
        () -> {
          // Before the page: a tag that is too old costs a second read, one too new hides a change
          String etag = "\"r" + store.revision() + "\"";
          return matches(wanted, etag)
              ? new Tagged(etag, null)
              : new Tagged(
                  etag,
                  SchemaDocuments.bytes(SchemaDocuments.write(store.list(type, after, limit))));
        },
        tagged -> send(ctx, tagged));
  }

  /** {@code GET /schemas/{id}}. */
  void getById(RoutingContext ctx) {
    int id = (int) parse("id", ctx.pathParam("id"), 1, Integer.MAX_VALUE);
    workers.run(
        ctx,
        () ->
            tagged(
                store
                    .byId(id)
                    .orElseThrow(
                        () -> new Problem(Problem.Code.UNKNOWN_SCHEMA, "No schema has id " + id))),
        tagged -> send(ctx, tagged));
  }

  /** {@code GET /schemas/{type}/{version}}, where version may be {@code latest}. */
  void getByVersion(RoutingContext ctx) {
    String type = ctx.pathParam("type");
    String version = ctx.pathParam("version");
    if (!SchemaLimits.isType(type)) {
      throw new Problem(Problem.Code.UNKNOWN_TYPE, "No event type can have this name");
    }
    int number =
        version.equals("latest") ? 0 : (int) parse("version", version, 1, Integer.MAX_VALUE);
    workers.run(ctx, () -> tagged(find(type, number)), tagged -> send(ctx, tagged));
  }

  private SchemaVersion find(String type, int version) throws SQLException {
    Optional<SchemaVersion> schema =
        version == 0 ? store.newest(type) : store.byVersion(type, version);
    if (schema.isPresent()) {
      return schema.get();
    }
    throw store.knowsType(type)
        ? new Problem(Problem.Code.UNKNOWN_VERSION, type + " has no such version")
        : new Problem(Problem.Code.UNKNOWN_TYPE, "No schema of type " + type + " is registered");
  }

  private static Tagged tagged(SchemaVersion schema) {
    String etag =
        "\"" + schema.type() + "/" + schema.version() + "-" + schema.status().code() + "\"";
    return new Tagged(etag, SchemaDocuments.bytes(SchemaDocuments.write(schema)));
  }

  private static void send(RoutingContext ctx, Tagged tagged) {
    HttpServerResponse response =
        ctx.response()
            .putHeader(HttpHeaders.ETAG, tagged.etag())
            .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    boolean known =
        tagged.body() == null
            || (ctx.request().method().equals(HttpMethod.GET)
                && matches(ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH), tagged.etag()));
    if (known) {
      response.setStatusCode(304).end();
    } else {
      response
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .end(Buffer.buffer(tagged.body()));
    }
  }

  /** Weak comparison with each tag of the list, as RFC 9110 asks of If-None-Match. */
  private static boolean matches(String ifNoneMatch, String etag) {
    if (ifNoneMatch == null) {
      return false;
    }
    for (String candidate : ifNoneMatch.split(",", -1)) {
      String tag = candidate.strip();
      if (tag.equals("*") || (tag.startsWith("W/") ? tag.substring(2) : tag).equals(etag)) {
        return true;
      }
    }
    return false;
  }

  private static long number(RoutingContext ctx, String name, long absent, long min, long max) {
    String text = ctx.queryParams().get(name);
    return text == null ? absent : parse(name, text, min, max);
  }

  private static long parse(String name, String text, long min, long max) {
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw outside(name, min, max);
    }
    throw outside(name, min, max);
  }

  private static Problem outside(String name, long min, long max) {
    return new Problem(
        Problem.Code.INVALID_REQUEST, name + " must be a number in " + min + ".." + max);
  }
}
