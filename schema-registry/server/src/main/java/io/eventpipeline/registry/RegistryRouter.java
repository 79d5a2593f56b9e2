package io.eventpipeline.registry;

import io.eventpipeline.contract.EventLimits;
import io.eventpipeline.registry.RegistryConfig.Rights;
import io.eventpipeline.registry.confluent.ConfluentRoutes;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.PlatformHandler;

/** All routes, from top to bottom. What stands above the line is public, everything else is not. */
final class RegistryRouter {
  /** A schema of 64 KiB, written with escapes and white space, in a request around it. */
  private static final long BODY_BYTES_MAX = 256 * 1024;

  /** An event of the largest size, in a request around it. */
  private static final long EVENT_BYTES_MAX = EventLimits.EVENT_BYTES_MAX + 1_000;

  private static final Handler<RoutingContext> PASS = RoutingContext::next;

  private static final int[] UNROUTED = {400, 404, 405, 406, 413, 414, 415, 500};

  private RegistryRouter() {}

  /** Who answers. */
  record Handlers(
      OperationsHandler operations,
      SchemasHandler schemas,
      LifecycleHandler lifecycle,
      ValidateHandler validate,
      CheckHandler check,
      PlanHandler plan,
      ConfluentRoutes confluent) {}

  static Router create(Vertx vertx, Access access, QuickReads reads, Handlers handlers) {
    Router router = Router.router(vertx);

    // Every request
    router
        .route()
        .handler(
            ctx -> {
              ctx.response().putHeader("X-Content-Type-Options", "nosniff");
              ctx.next();
            })
        .failureHandler(Problems::respond);
    for (int status : UNROUTED) {
      router.errorHandler(status, Problems::respond);
    }

    // Public
    OperationsHandler operations = handlers.operations();
    router.get("/health").handler(operations::ready);
    router.get("/health/live").handler(operations::live);
    router.get("/health/ready").handler(operations::ready);
    router.get("/openapi.json").handler(operations::openApi);
    router.get("/docs").handler(operations::docs);

    // ---- from here on nobody passes without a token ----
    router.route().handler(access.require(Rights.READ));
    router.get("/metrics").handler(operations::metrics);
    router.get("/schemas/*").handler(reads::watchRead);
    Handler<RoutingContext> mayWrite = access.require(Rights.WRITE);
    Handler<RoutingContext> writers =
        ctx -> {
          reads.watchWrite(ctx);
          mayWrite.handle(ctx);
        };
    handlers.confluent().mount(router, writers);
    nativeApi(router, writers, handlers);
    return router;
  }

  private static void nativeApi(Router router, Handler<RoutingContext> writers, Handlers handlers) {
    SchemasHandler schemas = handlers.schemas();
    router.get("/schemas").handler(schemas::list);
    json(router.post("/schemas"), writers, BODY_BYTES_MAX).handler(schemas::register);
    router.get("/schemas/:id").handler(schemas::getById);
    json(router.post("/schemas/:type/validate"), PASS, EVENT_BYTES_MAX)
        .handler(handlers.validate()::validate);
    json(router.post("/schemas/:type/check"), PASS, BODY_BYTES_MAX)
        .handler(handlers.check()::check);
    json(router.post("/schemas/:type/plan"), PASS, BODY_BYTES_MAX).handler(handlers.plan()::plan);
    router.get("/schemas/:type/:version").handler(schemas::getByVersion);
    router.get("/schemas/:type/:version/history").handler(schemas::history);

    LifecycleHandler lifecycle = handlers.lifecycle();
    json(router.put("/schemas/:type/:version"), writers, BODY_BYTES_MAX).handler(lifecycle::edit);
    json(router.post("/schemas/:type/:version/publish"), writers, BODY_BYTES_MAX)
        .handler(lifecycle::publish);
    json(router.post("/schemas/:type/:version/deprecate"), writers, BODY_BYTES_MAX)
        .handler(lifecycle::deprecate);
    json(router.post("/schemas/:type/:version/withdraw"), writers, BODY_BYTES_MAX)
        .handler(lifecycle::withdraw);
  }

  /** A route that takes JSON, from those who may send it, and reads no body of anybody else. */
  private static Route json(Route route, Handler<RoutingContext> allowed, long bytesMax) {
    return route
        .handler((PlatformHandler) allowed::handle) // of a kind that may stand before the body's
        .handler((PlatformHandler) RegistryRouter::requireJson)
        .handler(BodyHandler.create(false).setBodyLimit(bytesMax));
  }

  private static void requireJson(RoutingContext ctx) {
    String type = ctx.request().getHeader(HttpHeaders.CONTENT_TYPE);
    boolean json =
        type == null
            ? ctx.request().getHeader(HttpHeaders.CONTENT_LENGTH) == null
                || ctx.request().getHeader(HttpHeaders.CONTENT_LENGTH).equals("0")
            : type.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
    if (json) {
      ctx.next();
    } else {
      ctx.fail(
          new Problem(
              Problem.Code.UNSUPPORTED_MEDIA_TYPE, Problem.Code.UNSUPPORTED_MEDIA_TYPE.title()));
    }
  }
}
