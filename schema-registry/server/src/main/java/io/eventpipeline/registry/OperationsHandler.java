package io.eventpipeline.registry;

import io.eventpipeline.registry.store.SchemaStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;

/** Health, metrics and documentation. */
final class OperationsHandler {
  /** How old the answer of {@code /health} may be. */
  static final Duration KEPT = Duration.ofSeconds(1);

  private final SchemaStore store;
  private final Workers workers;
  private final RegistryMetrics metrics;

  /** Both touched by the server's one event loop only. */
  private Future<String> readiness;

  private long answeredAtNanos;

  private final Buffer openApi = resource("openapi.json");
  private final Buffer docs = resource("docs.html");

  OperationsHandler(SchemaStore store, Workers workers, RegistryMetrics metrics) {
    this.store = store;
    this.workers = workers;
    this.metrics = metrics;
  }

  /** The process runs; says nothing about the database. */
  void live(RoutingContext ctx) {
    json(ctx, 200, new JsonObject().put("status", "ok"));
  }

  /**
   * Requests can be served: the database answers. 503 with the reason when it does not. Asked for
   * once a second at most, since everybody may ask here and each question takes a connection.
   */
  void ready(RoutingContext ctx) {
    boolean old = System.nanoTime() - answeredAtNanos > KEPT.toNanos();
    if (readiness == null || readiness.failed() || (readiness.isComplete() && old)) {
      readiness =
          workers
              .run(this::reasonNotReady)
              .onComplete(answer -> answeredAtNanos = System.nanoTime());
    }
    readiness.onSuccess(reason -> ready(ctx, reason)).onFailure(ctx::fail);
  }

  private static void ready(RoutingContext ctx, String reason) {
    JsonObject postgres = new JsonObject().put("status", reason.isEmpty() ? "ok" : "down");
    if (!reason.isEmpty()) {
      postgres.put("reason", reason);
    }
    json(
        ctx,
        reason.isEmpty() ? 200 : 503,
        new JsonObject()
            .put("status", reason.isEmpty() ? "ok" : "down")
            .put("checks", new JsonObject().put("postgres", postgres)));
  }

  private String reasonNotReady() {
    try {
      store.revision();
      return "";
    } catch (SQLException e) {
      return "the database does not answer (SQL state " + e.getSQLState() + ")";
    }
  }

  void metrics(RoutingContext ctx) {
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
        .end(metrics.scrape());
  }

  void openApi(RoutingContext ctx) {
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(openApi);
  }

  void docs(RoutingContext ctx) {
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .putHeader(
            "Content-Security-Policy",
            "default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; script-src"
                + " 'unsafe-inline'")
        .end(docs);
  }

  private static void json(RoutingContext ctx, int status, JsonObject body) {
    ctx.response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(body.toBuffer());
  }

  private static Buffer resource(String name) {
    try (InputStream in = OperationsHandler.class.getResourceAsStream(name)) {
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
