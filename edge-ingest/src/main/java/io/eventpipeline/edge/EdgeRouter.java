package io.eventpipeline.edge;

import io.eventpipeline.contract.FailureReason;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** The routes of the public listener; each path with and without the version. */
final class EdgeRouter {
  private static final List<String> VERSIONS = List.of("/v1", "");
  private static final int[] UNROUTED = {400, 404, 405, 406, 415, 500};

  private EdgeRouter() {}

  static Router create(
      Vertx vertx,
      SubmitHandler submit,
      BatchHandler batch,
      StreamHandler stream,
      StatsHandler stats,
      Health health) {
    Router router = Router.router(vertx);
    answerUnrouted(router);
    for (String version : VERSIONS) {
      // Ingest
      route(router, HttpMethod.POST, version + "/events", submit);
      route(router, HttpMethod.POST, version + "/events/batch", batch);
      route(router, HttpMethod.GET, version + "/events/stream", stream);
      // Operations
      route(router, HttpMethod.GET, version + "/events/stats", stats);
    }
    route(router, HttpMethod.GET, "/health", health::ready);
    route(router, HttpMethod.GET, "/health/live", health::live);
    route(router, HttpMethod.GET, "/health/ready", health::ready);
    // Documentation
    route(router, HttpMethod.GET, "/openapi.json", resource("openapi.json", "application/json"));
    route(router, HttpMethod.GET, "/docs", resource("docs.html", "text/html; charset=utf-8"));
    return router;
  }

  /** What a connection is told that is one too many: the truth of health, and 503. */
  static Router crowded(Vertx vertx, Health health, EdgeStats stats) {
    Router router = Router.router(vertx);
    answerUnrouted(router);
    route(router, HttpMethod.GET, "/health", health::ready);
    route(router, HttpMethod.GET, "/health/live", health::live);
    route(router, HttpMethod.GET, "/health/ready", health::ready);
    router
        .route()
        .handler(
            ctx -> {
              stats.refusedAsAWhole(FailureReason.UNAVAILABLE);
              Problems.refuse(ctx, FailureReason.UNAVAILABLE, "too many connections");
            })
        .failureHandler(Problems::respond);
    return router;
  }

  /** Has {@link Problems} answer what no route takes: it passes the failure handlers by. */
  static void answerUnrouted(Router router) {
    for (int status : UNROUTED) {
      router.errorHandler(status, Problems::respond);
    }
  }

  /** A route whose failures are answered by {@link Problems}. */
  static void route(
      Router router, HttpMethod method, String path, Handler<RoutingContext> handler) {
    router.route(method, path).handler(handler).failureHandler(Problems::respond);
  }

  /** Answers with a file of the class path, read once. */
  static Handler<RoutingContext> resource(String name, String contentType) {
    String content = Resources.text(name);
    return ctx -> ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, contentType).end(content);
  }
}
