package io.eventpipeline.registry.confluent;

import io.eventpipeline.registry.Access;
import io.eventpipeline.registry.Grant;
import io.eventpipeline.registry.JsonBody;
import io.eventpipeline.registry.SchemaIntake;
import io.eventpipeline.registry.Workers;
import io.eventpipeline.registry.confluent.Documents.SchemaRequest;
import io.eventpipeline.registry.store.Change;
import io.eventpipeline.registry.store.ChangeRefusedException;
import io.eventpipeline.registry.store.SchemaStore.Numbered;
import io.eventpipeline.registry.store.Stores;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** {@code /subjects} and {@code /subjects/{subject}}. */
final class SubjectsHandler {
  private final Stores stores;
  private final Workers workers;

  SubjectsHandler(Stores stores, Workers workers) {
    this.stores = stores;
    this.workers = workers;
  }

  /** Names, in alphabetical order: of those that the token covers. */
  void list(RoutingContext ctx) {
    boolean deleted = Query.flag(ctx, "deleted");
    boolean deletedOnly = Query.flag(ctx, "deletedOnly");
    String prefix = Query.prefix(ctx);
    List<String> covered = Access.grant(ctx).subjects();
    workers.run(
        ctx,
        () ->
            stores.schemas().subjects(covered, prefix).stream()
                .filter(subject -> deletedOnly ? !subject.live() : deleted || subject.live())
                .map(Numbered::type)
                .toList(),
        names -> Documents.send(ctx, Documents.array(Query.page(ctx, names))));
  }

  /** In which version does the subject have this schema? */
  void lookUp(RoutingContext ctx) {
    String subject = Query.knowableSubject(ctx);
    boolean deleted = Query.flag(ctx, "deleted");
    byte[] body = JsonBody.bytes(ctx);
    workers.run(
        ctx,
        () -> {
          SchemaRequest wanted = Documents.readSchema(body);
          String sha256 =
              SchemaIntake.identity(wanted.schema(), wanted.references(), wanted.metadata());
          if (stores.schemas().numbers(subject).stream().noneMatch(n -> deleted || n.live())) {
            throw ConfluentError.unknownSubject(subject);
          }
          return stores.schemas().withContent(subject, sha256).stream()
              .filter(schema -> deleted || schema.live())
              .findFirst()
              .map(Documents::version)
              .orElseThrow(ConfluentError::unknownSchema);
        },
        found -> Documents.send(ctx, found));
  }

  /** Withdraws all versions, or erases them. */
  void delete(RoutingContext ctx) {
    String subject = Query.knowableSubject(ctx);
    boolean permanent = Query.flag(ctx, "permanent");
    Grant grant = Access.grant(ctx);
    workers.run(
        ctx,
        () -> {
          try {
            return stores
                .changes()
                .deleteSubject(subject, permanent, new Change(grant.user(), "subject deleted"));
          } catch (ChangeRefusedException e) {
            throw ConfluentError.ofSubject(e);
          }
        },
        versions -> Documents.send(ctx, Documents.array(versions)));
  }
}
