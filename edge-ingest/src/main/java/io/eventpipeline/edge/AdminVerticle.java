package io.eventpipeline.edge;

import io.eventpipeline.edge.status.PipelineStatus;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.IntConsumer;

/** The operators' listener: metrics, the status of every hop, the console page. */
final class AdminVerticle extends VerticleBase {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final EdgeConfig.Admin config;
  private final EdgeMetrics metrics;
  private final PipelineStatus status;
  private final IntConsumer listening;
  private HttpServer server;

  /**
   * @param listening hears the port
   */
  AdminVerticle(
      EdgeConfig.Admin config, EdgeMetrics metrics, PipelineStatus status, IntConsumer listening) {
    this.config = config;
    this.metrics = metrics;
    this.status = status;
    this.listening = listening;
  }

  @Override
  public Future<?> start() {
    server = vertx.createHttpServer().requestHandler(router());
    return server
        .listen(config.port(), config.host())
        .onSuccess(up -> listening.accept(up.actualPort()));
  }

  private Router router() {
    Router router = Router.router(vertx);
    EdgeRouter.answerUnrouted(router);
    EdgeRouter.route(router, HttpMethod.GET, "/metrics", this::metrics);
    EdgeRouter.route(router, HttpMethod.GET, "/pipeline/status", this::status);
    EdgeRouter.route(
        router,
        HttpMethod.GET,
        "/",
        EdgeRouter.resource("console.html", "text/html; charset=utf-8"));
    return router;
  }

  private void metrics(RoutingContext ctx) {
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, PROMETHEUS).end(metrics.scrape());
  }

  private void status(RoutingContext ctx) {
    Context context = vertx.getOrCreateContext();
    Future.fromCompletionStage(status.get(), context)
        .onSuccess(document -> respond(ctx, document))
        .onFailure(ctx::fail);
  }

  /** 200 also for a pipeline that is down: the question was answered. */
  private static void respond(RoutingContext ctx, JsonObject document) {
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(document.toBuffer());
  }

  @Override
  public Future<?> stop() {
    return server.close();
  }
}
