package io.eventpipeline.registry;

import io.eventpipeline.registry.SchemaDocuments.Draft;
import io.eventpipeline.registry.store.Change;
import io.eventpipeline.registry.store.Content;
import io.eventpipeline.registry.store.Edit;
import io.eventpipeline.registry.store.SchemaChanges;
import io.eventpipeline.registry.store.Status;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/**
 * The native API: what becomes of a version. Each honours If-Match, so that nobody undoes what he
 * has not seen; each names who and why in the audit table.
 */
final class LifecycleHandler {
  private final SchemaChanges changes;
  private final SchemaIntake intake;
  private final Workers workers;

  LifecycleHandler(SchemaChanges changes, SchemaIntake intake, Workers workers) {
    this.changes = changes;
    this.intake = intake;
    this.workers = workers;
  }

  /** {@code PUT /schemas/{type}/{version}}: changes a draft. */
  void edit(RoutingContext ctx) {
    String type = Parameters.type(ctx);
    int version = Parameters.version(ctx);
    byte[] body = JsonBody.bytes(ctx);
    Grant grant = Access.grant(ctx);
    workers.run(
        ctx,
        () -> {
          Draft wanted = SchemaDocuments.readEdit(type, body);
          wanted.references().forEach(reference -> grant.require(reference.type()));
          Content content =
              wanted.schema() == null
                  ? null
                  : intake.check(type, wanted.schema(), wanted.references(), "", false);
          return changes.edit(
              type,
              version,
              new Edit(content, wanted.description(), wanted.migration(), wanted.supersedes()),
              ifMatch(ctx),
              new Change(grant.user(), wanted.reason()));
        },
        schema -> SchemasHandler.representation(schema).send(ctx));
  }

  /** {@code POST /schemas/{type}/{version}/publish}. */
  void publish(RoutingContext ctx) {
    move(ctx, Status.PUBLISHED, false);
  }

  /** {@code POST /schemas/{type}/{version}/deprecate}. */
  void deprecate(RoutingContext ctx) {
    move(ctx, Status.DEPRECATED, true);
  }

  /** {@code POST /schemas/{type}/{version}/withdraw}. */
  void withdraw(RoutingContext ctx) {
    move(ctx, Status.WITHDRAWN, true);
  }

  private void move(RoutingContext ctx, Status to, boolean needsReason) {
    String type = Parameters.type(ctx);
    int version = Parameters.version(ctx);
    String reason = SchemaDocuments.readReason(JsonBody.bytes(ctx));
    if (needsReason && reason.isBlank()) {
      // Those who use the version will ask
      throw new Problem(Problem.Code.INVALID_REQUEST, "reason must say why");
    }
    Change change = new Change(Access.grant(ctx).user(), reason);
    String ifMatch = ifMatch(ctx);
    workers.run(
        ctx,
        () -> changes.move(type, version, to, ifMatch, change),
        schema -> SchemasHandler.representation(schema).send(ctx));
  }

  private static String ifMatch(RoutingContext ctx) {
    String tag = ctx.request().getHeader(HttpHeaders.IF_MATCH);
    return tag == null ? "" : tag.strip();
  }
}
