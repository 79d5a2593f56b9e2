package io.eventpipeline.registry.confluent;

import io.eventpipeline.registry.Registrations;
import io.eventpipeline.registry.SchemaIntake;
import io.eventpipeline.registry.Workers;
import io.eventpipeline.registry.store.CompatibilityRule;
import io.eventpipeline.registry.store.Stores;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.PlatformHandler;
import java.util.List;

/** All routes of the dialect. They stand before the native ones, which are wider. */
public final class ConfluentRoutes {
  /** A schema of 64 KiB, written as a string with escapes, in a request around it. */
  private static final long BODY_BYTES_MAX = 256 * 1024;

  private static final Handler<RoutingContext> PASS = RoutingContext::next;

  private static final String IN_CONTEXT = "in-context";

  private final SubjectsHandler subjects;
  private final VersionsHandler versions;
  private final SchemaIdsHandler ids;
  private final CompatibilityHandler compatibility;
  private final SettingsHandler settings;

  public ConfluentRoutes(
      Stores stores,
      SchemaIntake intake,
      CompatibilityRule rule,
      Registrations registrations,
      Workers workers) {
    subjects = new SubjectsHandler(stores, workers);
    versions = new VersionsHandler(stores, intake, registrations, workers);
    ids = new SchemaIdsHandler(stores, workers);
    compatibility = new CompatibilityHandler(stores, intake, rule, workers);
    settings = new SettingsHandler(stores.settings(), workers);
  }

  /**
   * Adds the routes.
   *
   * @param writers lets those pass who may write; who may read was asked before
   */
  public void mount(Router router, Handler<RoutingContext> writers) {
    router.get("/subjects").handler(subjects::list);
    body(router.post("/subjects/:subject"), PASS).handler(subjects::lookUp);
    router.delete("/subjects/:subject").handler(writers).handler(subjects::delete);

    router.get("/subjects/:subject/versions").handler(versions::list);
    body(router.post("/subjects/:subject/versions"), writers).handler(versions::register);
    router.get("/subjects/:subject/versions/:version").handler(versions::get);
    router
        .delete("/subjects/:subject/versions/:version")
        .handler(writers)
        .handler(versions::delete);
    router.get("/subjects/:subject/versions/:version/schema").handler(versions::schema);
    router.get("/subjects/:subject/versions/:version/referencedby").handler(versions::referencedBy);

    router.get("/schemas/types").handler(ids::types);
    router.get("/schemas/ids/:id").handler(ids::byId);
    router.get("/schemas/ids/:id/schema").handler(ids::schema);
    router.get("/schemas/ids/:id/subjects").handler(ids::subjects);
    router.get("/schemas/ids/:id/versions").handler(ids::versions);
    router.get("/schemas/guids/:guid").handler(ids::byGuid);
    router.get("/schemas/guids/:guid/ids").handler(ids::idsOfGuid);
    router.get("/schemas").handler(ctx -> either(ctx, Dialect.isSchemaList(ctx), ids::list));

    body(router.post("/compatibility/subjects/:subject/versions"), PASS)
        .handler(compatibility::againstAll);
    body(router.post("/compatibility/subjects/:subject/versions/:version"), PASS)
        .handler(compatibility::againstOne);

    for (String path : List.of("/config", "/config/:subject")) {
      router.get(path).handler(settings::getConfig);
      body(router.put(path), writers).handler(settings::putConfig);
      router.delete(path).handler(writers).handler(settings::deleteConfig);
    }
    for (String path : List.of("/mode", "/mode/:subject")) {
      router.get(path).handler(settings::getMode);
      body(router.put(path), writers).handler(settings::putMode);
      router.delete(path).handler(writers).handler(settings::deleteMode);
    }

    router.get("/contexts").handler(ctx -> Documents.send(ctx, Documents.array(List.of("."))));
    router.route("/contexts/:context/*").handler(ConfluentRoutes::withoutContext);
    router.get("/v1/metadata/id").handler(ConfluentRoutes::metadataId);
  }

  private static Route body(Route route, Handler<RoutingContext> allowed) {
    return route
        .handler((PlatformHandler) allowed::handle) // of a kind that may stand before the body's
        .handler((PlatformHandler) ConfluentRoutes::requireJson)
        .handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX));
  }

  private static void requireJson(RoutingContext ctx) {
    String type = ctx.request().getHeader(HttpHeaders.CONTENT_TYPE);
    either(ctx, MediaTypes.isReadable(type), RoutingContext::next, 415);
  }

  private static void either(RoutingContext ctx, boolean mine, Handler<RoutingContext> handler) {
    (mine ? handler : PASS).handle(ctx);
  }

  private static void either(
      RoutingContext ctx, boolean good, Handler<RoutingContext> handler, int otherwise) {
    if (good) {
      handler.handle(ctx);
    } else {
      ctx.fail(otherwise);
    }
  }

  /** {@code /contexts/:.:/subjects} is {@code /subjects}; other contexts are refused. */
  private static void withoutContext(RoutingContext ctx) {
    String context = ctx.pathParam("context");
    Query.requireDefaultContext(context.replace(":", ""));
    String rest = ctx.request().uri().substring("/contexts/".length());
    int slash = rest.indexOf('/');
    if (slash < 0 || ctx.get(IN_CONTEXT) != null) {
      // A context in a context would send a request round once for each of hundreds in its path
      throw new ConfluentError(ErrorCode.NOT_FOUND, "There is nothing here");
    }
    ctx.put(IN_CONTEXT, true);
    ctx.reroute(rest.substring(slash));
  }

  /** Names the cluster, for those who keep several apart. */
  private static void metadataId(RoutingContext ctx) {
    var scope = Documents.object();
    scope.putArray("path");
    scope.putObject("clusters").put("schema-registry-cluster", "event-pipeline");
    var answer = Documents.object();
    answer.set("scope", scope);
    Documents.send(ctx, answer.put("id", ""));
  }
}
