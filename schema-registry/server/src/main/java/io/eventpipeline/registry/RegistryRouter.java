package io.eventpipeline.registry;

import io.eventpipeline.registry.RegistryConfig.Rights;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;

/** All routes, from top to bottom. What stands above the line is public, everything else is not. */
final class RegistryRouter {
  /** A schema of 64 KiB, written with escapes and white space, in a request around it. */
  private static final long BODY_BYTES_MAX = 256 * 1024;

  private static final int[] UNROUTED = {400, 404, 405, 406, 413, 414, 415, 500};

  private RegistryRouter() {}

  static Router create(
      Vertx vertx, Access access, SchemasHandler schemas, OperationsHandler operations) {
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
    router.get("/health").handler(operations::ready);
    router.get("/health/live").handler(operations::live);
    router.get("/health/ready").handler(operations::ready);
    router.get("/openapi.json").handler(operations::openApi);
    router.get("/docs").handler(operations::docs);

    // ---- from here on nobody passes without a token ----
    router.route().handler(access.require(Rights.READ));
    router.get("/metrics").handler(operations::metrics);

    // Native API
    router.get("/schemas").handler(schemas::list);
    router.post("/schemas").handler(access.require(Rights.WRITE));
    router
        .post("/schemas")
        .consumes("application/json")
        .handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX))
        .handler(schemas::register);
    router.get("/schemas/:id").handler(schemas::getById);
    router.get("/schemas/:type/:version").handler(schemas::getByVersion);
    return router;
  }
}
