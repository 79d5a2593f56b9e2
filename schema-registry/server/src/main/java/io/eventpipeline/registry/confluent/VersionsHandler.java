package io.eventpipeline.registry.confluent;

import io.eventpipeline.registry.Access;
import io.eventpipeline.registry.Grant;
import io.eventpipeline.registry.JsonBody;
import io.eventpipeline.registry.Registrations;
import io.eventpipeline.registry.SchemaIntake;
import io.eventpipeline.registry.Workers;
import io.eventpipeline.registry.confluent.Documents.SchemaRequest;
import io.eventpipeline.registry.store.Change;
import io.eventpipeline.registry.store.ChangeRefusedException;
import io.eventpipeline.registry.store.Content;
import io.eventpipeline.registry.store.SchemaChanges.Proposal;
import io.eventpipeline.registry.store.SchemaChanges.Registration;
import io.eventpipeline.registry.store.SchemaStore.Numbered;
import io.eventpipeline.registry.store.SchemaVersion;
import io.eventpipeline.registry.store.Stores;
import io.eventpipeline.schema.SchemaLimits;
import io.eventpipeline.schema.SchemaRejectedException;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code /subjects/{subject}/versions} and what is below. */
final class VersionsHandler {
  private final Stores stores;
  private final SchemaIntake intake;
  private final Registrations registrations;
  private final Workers workers;

  VersionsHandler(
      Stores stores, SchemaIntake intake, Registrations registrations, Workers workers) {
    this.stores = stores;
    this.intake = intake;
    this.registrations = registrations;
    this.workers = workers;
  }

  /** Numbers, in order. */
  void list(RoutingContext ctx) {
    String subject = Query.knowableSubject(ctx);
    boolean deleted = Query.flag(ctx, "deleted");
    boolean deletedOnly = Query.flag(ctx, "deletedOnly");
    workers.run(
        ctx,
        () -> {
          List<Integer> versions =
              stores.schemas().numbers(subject).stream()
                  .filter(version -> deletedOnly ? !version.live() : deleted || version.live())
                  .map(Numbered::version)
                  .toList();
          if (versions.isEmpty()) {
            throw ConfluentError.unknownSubject(subject);
          }
          return versions;
        },
        versions -> Documents.send(ctx, Documents.array(Query.page(ctx, versions))));
  }

  /** One version. */
  void get(RoutingContext ctx) {
    String subject = Query.knowableSubject(ctx);
    int version = Query.version(ctx);
    boolean deleted = Query.flag(ctx, "deleted");
    workers.run(
        ctx,
        () -> find(stores, subject, version, deleted),
        schema -> Documents.send(ctx, Documents.version(schema)));
  }

  /** The schema of one version, and nothing else. */
  void schema(RoutingContext ctx) {
    String subject = Query.knowableSubject(ctx);
    int version = Query.version(ctx);
    boolean deleted = Query.flag(ctx, "deleted");
    workers.run(
        ctx,
        () -> find(stores, subject, version, deleted),
        schema -> Documents.sendText(ctx, schema.content().document()));
  }

  /** Ids of the schemas that refer to this version. */
  void referencedBy(RoutingContext ctx) {
    String subject = Query.knowableSubject(ctx);
    int version = Query.version(ctx);
    boolean deleted = Query.flag(ctx, "deleted");
    Grant grant = Access.grant(ctx);
    workers.run(
        ctx,
        () -> {
          SchemaVersion target = find(stores, subject, version, true);
          return stores.schemas().referrers(subject, target.version()).stream()
              .filter(schema -> schema.published() && (deleted || schema.live()))
              .filter(schema -> grant.covers(schema.type()))
              .map(SchemaVersion::id)
              .distinct()
              .sorted()
              .toList();
        },
        ids -> Documents.send(ctx, Documents.array(Query.page(ctx, ids))));
  }

  /** Registers a schema; the same again answers the same id. */
  void register(RoutingContext ctx) {
    String subject = Query.subject(ctx);
    boolean normalize = Query.flag(ctx, "normalize");
    byte[] body = JsonBody.bytes(ctx);
    Grant grant = Access.grant(ctx);
    if (!SchemaLimits.isType(subject)) {
      throw new ConfluentError(
          ErrorCode.INVALID_SUBJECT,
          "The specified subject '"
              + subject
              + "' is not a valid one: 1 to 128 of A-Z a-z 0-9 . _ - from a letter or digit on");
    }
    workers.run(
        ctx,
        () ->
            registrations.count(
                () -> register(subject, Documents.readSchema(body), normalize, grant)),
        done -> Documents.send(ctx, registered(done.schema())));
  }

  private Registration register(
      String subject, SchemaRequest wanted, boolean normalize, Grant grant)
      throws SQLException, SchemaRejectedException, ChangeRefusedException {
    wanted.references().forEach(reference -> grant.require(reference.type()));
    if (wanted.id() != 0) {
      return new Registration(sameId(subject, wanted), false);
    }
    boolean canonical = normalize || stores.settings().compatibilityInForce(subject).normalize();
    Content content =
        intake.check(subject, wanted.schema(), wanted.references(), wanted.metadata(), canonical);
    return stores
        .changes()
        .register(
            new Proposal(subject, content, "", false, wanted.version()),
            new Change(grant.user(), ""));
  }

  /** Ids are given by the registry: one can be named only where it is the schema's already. */
  private SchemaVersion sameId(String subject, SchemaRequest wanted) throws SQLException {
    String sha256 = SchemaIntake.identity(wanted.schema(), wanted.references(), wanted.metadata());
    SchemaVersion known =
        stores.schemas().withContent(subject, sha256).stream()
            .filter(SchemaVersion::live)
            .findFirst()
            .orElseThrow(
                () ->
                    new ConfluentError(
                        ErrorCode.NOT_PERMITTED,
                        "Subject " + subject + " is not in import mode: an id cannot be given"));
    if (known.id() != wanted.id()) {
      throw new ConfluentError(
          ErrorCode.ID_MISMATCH,
          "Schema already registered with id "
              + known.id()
              + " instead of input id "
              + wanted.id());
    }
    return known;
  }

  private static ObjectNode registered(SchemaVersion schema) {
    ObjectNode answer = Documents.version(schema);
    answer.remove("subject");
    return answer;
  }

  /** Withdraws a version, or erases it. */
  void delete(RoutingContext ctx) {
    String subject = Query.knowableSubject(ctx);
    int version = Query.version(ctx);
    boolean permanent = Query.flag(ctx, "permanent");
    Grant grant = Access.grant(ctx);
    workers.run(
        ctx,
        () -> {
          int number = version == Query.LATEST ? latest(subject, permanent) : version;
          try {
            stores
                .changes()
                .delete(subject, number, permanent, new Change(grant.user(), "version deleted"));
            return number;
          } catch (ChangeRefusedException e) {
            throw ConfluentError.ofVersion(e);
          }
        },
        number -> Documents.sendText(ctx, Integer.toString(number)));
  }

  private int latest(String subject, boolean permanent) throws SQLException {
    return find(stores, subject, Query.LATEST, permanent).version();
  }

  /** A version that was published, also a withdrawn one when those are asked for. */
  static SchemaVersion find(Stores stores, String subject, int version, boolean deleted)
      throws SQLException {
    Optional<SchemaVersion> found =
        version != Query.LATEST
            ? stores.schemas().byVersion(subject, version)
            : deleted ? stores.schemas().newestEver(subject) : stores.schemas().newestLive(subject);
    Optional<SchemaVersion> visible =
        found.filter(SchemaVersion::published).filter(schema -> deleted || schema.live());
    if (visible.isPresent()) {
      return visible.get();
    }
    boolean known = stores.schemas().numbers(subject).stream().anyMatch(n -> deleted || n.live());
    throw known
        ? ConfluentError.unknownVersion(Integer.toString(version))
        : ConfluentError.unknownSubject(subject);
  }
}
