package io.eventpipeline.registry;

import io.eventpipeline.registry.SchemaDocuments.Draft;
import io.eventpipeline.registry.store.Change;
import io.eventpipeline.registry.store.ChangeRefusedException;
import io.eventpipeline.registry.store.Evolution;
import io.eventpipeline.registry.store.SchemaChanges;
import io.eventpipeline.registry.store.SchemaChanges.Proposal;
import io.eventpipeline.registry.store.SchemaChanges.Registration;
import io.eventpipeline.registry.store.SchemaStore;
import io.eventpipeline.registry.store.SchemaVersion;
import io.eventpipeline.registry.store.Status;
import io.eventpipeline.schema.SchemaLimits;
import io.eventpipeline.schema.SchemaRejectedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The native API: list, register, get. Parses, calls the store on a worker, answers. */
final class SchemasHandler {
  private static final int LIMIT_DEFAULT = 50;

  /** Fewer when they are large, see {@link SchemaStore#list}. */
  private static final int LIMIT_MAX = 100;

  private static final Set<String> LIST_PARAMETERS = Set.of("type", "status", "limit", "after");

  private final SchemaStore store;
  private final SchemaChanges changes;
  private final SchemaIntake intake;
  private final Workers workers;
  private final Registrations registrations;

  SchemasHandler(
      SchemaStore store,
      SchemaChanges changes,
      SchemaIntake intake,
      Workers workers,
      Registrations registrations) {
    this.store = store;
    this.changes = changes;
    this.intake = intake;
    this.workers = workers;
    this.registrations = registrations;
  }

  /** {@code POST /schemas}: 201 for a new version, 200 when the type has this content already. */
  void register(RoutingContext ctx) {
    byte[] body = JsonBody.bytes(ctx);
    Grant grant = Access.grant(ctx);
    workers.run(
        ctx,
        () -> registrations.count(() -> register(SchemaDocuments.readRegistration(body), grant)),
        done -> {
          SchemaVersion schema = done.schema();
          ctx.response()
              .setStatusCode(done.created() ? 201 : 200)
              .putHeader(
                  HttpHeaders.LOCATION, "/schemas/" + schema.type() + "/" + schema.version());
          representation(schema).send(ctx);
        });
  }

  private Registration register(Draft wanted, Grant grant)
      throws SchemaRejectedException, SQLException, ChangeRefusedException {
    grant.require(wanted.type());
    wanted.references().forEach(reference -> grant.require(reference.type()));
    return changes.register(
        new Proposal(
            wanted.type(),
            intake.check(wanted.type(), wanted.schema(), wanted.references(), "", false),
            wanted.description(),
            new Evolution(wanted.migration(), wanted.supersedes()),
            wanted.draft(),
            0),
        new Change(grant.user(), wanted.reason()));
  }

  /**
   * {@code GET /schemas?type=&status=&limit=&after=}. The tag covers the registry, not just the
   * page.
   */
  void list(RoutingContext ctx) {
    Parameters.allow(ctx, LIST_PARAMETERS);
    String type = ctx.queryParams().contains("type") ? ctx.queryParams().get("type") : "";
    String status = ctx.queryParams().contains("status") ? ctx.queryParams().get("status") : "";
    int limit = (int) Parameters.number(ctx, "limit", LIMIT_DEFAULT, 1, LIMIT_MAX);
    long after = Parameters.number(ctx, "after", 0, 0, Long.MAX_VALUE);
    if (!type.isEmpty() && !SchemaLimits.isType(type)) {
      throw new Problem(Problem.Code.INVALID_REQUEST, "type is not the name of an event type");
    }
    if (!status.isEmpty() && Stream.of(Status.values()).noneMatch(s -> s.code().equals(status))) {
      throw new Problem(
          Problem.Code.INVALID_REQUEST, "status must be draft, published, deprecated or withdrawn");
    }
    Grant grant = Access.grant(ctx);
    String wanted = ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH);
    workers.run(
        ctx,
        () -> {
          // Before the page: a tag that is too old costs a second read, one too new hides a change
          String etag = "\"r" + store.revision() + "\"";
          return Representation.matches(wanted, etag)
              ? new Representation(etag, null)
              : new Representation(
                  etag,
                  SchemaDocuments.bytes(
                      SchemaDocuments.write(
                          store.list(grant.subjects(), type, status, after, limit))));
        },
        page -> page.send(ctx));
  }

  /** {@code GET /schemas/{id}}. */
  void getById(RoutingContext ctx) {
    int id = (int) Parameters.parse("id", ctx.pathParam("id"), 1, Integer.MAX_VALUE);
    Grant grant = Access.grant(ctx);
    workers.run(
        ctx,
        () ->
            representation(
                store.usages(id).stream()
                    .filter(schema -> grant.covers(schema.type()))
                    .findFirst()
                    .orElseThrow(
                        () -> new Problem(Problem.Code.UNKNOWN_SCHEMA, "No schema has id " + id))),
        schema -> schema.send(ctx));
  }

  /** {@code GET /schemas/{type}/{version}}, where version may be {@code latest}. */
  void getByVersion(RoutingContext ctx) {
    String type = Parameters.type(ctx);
    int version = ctx.pathParam("version").equals("latest") ? 0 : Parameters.version(ctx);
    workers.run(ctx, () -> representation(find(store, type, version)), found -> found.send(ctx));
  }

  /** {@code GET /schemas/{type}/{version}/history}. */
  void history(RoutingContext ctx) {
    String type = Parameters.type(ctx);
    int version = Parameters.version(ctx);
    workers.run(
        ctx,
        () ->
            new Representation(
                find(store, type, version).etag(),
                SchemaDocuments.bytes(SchemaDocuments.write(store.history(type, version)))),
        history -> history.send(ctx));
  }

  /**
   * A version, 0 being the newest that is published.
   *
   * @throws Problem when there is none
   */
  static SchemaVersion find(SchemaStore store, String type, int version) throws SQLException {
    Optional<SchemaVersion> schema =
        version == 0 ? store.newest(type) : store.byVersion(type, version);
    if (schema.isPresent()) {
      return schema.get();
    }
    throw store.knowsType(type)
        ? new Problem(Problem.Code.UNKNOWN_VERSION, type + " has no such version")
        : new Problem(Problem.Code.UNKNOWN_TYPE, "No schema of type " + type + " is registered");
  }

  static Representation representation(SchemaVersion schema) {
    return new Representation(schema.etag(), SchemaDocuments.bytes(SchemaDocuments.write(schema)));
  }
}
