package io.eventpipeline.registry.confluent;

import io.eventpipeline.registry.Access;
import io.eventpipeline.registry.Grant;
import io.eventpipeline.registry.JsonBody;
import io.eventpipeline.registry.SchemaIntake;
import io.eventpipeline.registry.Workers;
import io.eventpipeline.registry.confluent.Documents.SchemaRequest;
import io.eventpipeline.registry.store.Compatibility;
import io.eventpipeline.registry.store.CompatibilityRule;
import io.eventpipeline.registry.store.Content;
import io.eventpipeline.registry.store.LiveVersions;
import io.eventpipeline.registry.store.Stores;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import tools.jackson.databind.node.ObjectNode;

/** {@code /compatibility/subjects/{subject}/versions[/{version}]}: a dry run. */
final class CompatibilityHandler {
  private final Stores stores;
  private final SchemaIntake intake;
  private final CompatibilityRule rule;
  private final Workers workers;

  CompatibilityHandler(
      Stores stores, SchemaIntake intake, CompatibilityRule rule, Workers workers) {
    this.stores = stores;
    this.intake = intake;
    this.rule = rule;
    this.workers = workers;
  }

  /** Against the versions that the subject's level calls for. */
  void againstAll(RoutingContext ctx) {
    String subject = Query.knowableSubject(ctx);
    check(ctx, subject, () -> stores.schemas().live(subject));
  }

  /** Against one version, whatever the level says of others. */
  void againstOne(RoutingContext ctx) {
    String subject = Query.knowableSubject(ctx);
    int version = Query.version(ctx);
    check(
        ctx,
        subject,
        () ->
            version == Query.LATEST
                ? stores.schemas().live(subject).newestOnly()
                : LiveVersions.of(VersionsHandler.find(stores, subject, version, false)));
  }

  @FunctionalInterface
  private interface Earlier {
    LiveVersions versions() throws SQLException;
  }

  private void check(RoutingContext ctx, String subject, Earlier earlier) {
    boolean verbose = Query.flag(ctx, "verbose");
    boolean normalize = Query.flag(ctx, "normalize");
    byte[] body = JsonBody.bytes(ctx);
    Grant grant = Access.grant(ctx);
    workers.run(
        ctx,
        () -> {
          SchemaRequest wanted = Documents.readSchema(body);
          wanted.references().forEach(reference -> grant.require(reference.type()));
          LiveVersions versions = earlier.versions();
          Content content =
              intake.check(
                  subject, wanted.schema(), wanted.references(), wanted.metadata(), normalize);
          Compatibility inForce = stores.settings().compatibilityInForce(subject);
          return rule.judge(content, versions, inForce).objections();
        },
        objections -> {
          ObjectNode answer = Documents.object().put("is_compatible", objections.isEmpty());
          if (verbose) {
            answer.set("messages", Documents.array(objections));
          }
          Documents.send(ctx, answer);
        });
  }
}
