package io.eventpipeline.registry;

import io.eventpipeline.registry.confluent.ConfluentErrors;
import io.eventpipeline.registry.confluent.Dialect;
import io.eventpipeline.registry.store.ChangeRefusedException;
import io.eventpipeline.schema.SchemaRejectedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The only place that writes an error: a problem document (RFC 9457) with a stable code. */
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final String RETRY_AFTER_SECONDS = "1";

  private Problems() {}

  static void respond(RoutingContext ctx) {
    if (Dialect.isMeant(ctx)) {
      ConfluentErrors.respond(ctx);
      return;
    }
    Throwable failure = ctx.failure();
    if (failure instanceof Problem problem) {
      write(ctx, problem.code(), problem.code().code(), problem.getMessage());
    } else if (failure instanceof SchemaRejectedException rejected) {
      write(ctx, Problem.Code.SCHEMA_REJECTED, rejected.reason().code(), rejected.getMessage());
    } else if (failure instanceof ChangeRefusedException refused) {
      Problem.Code code = Problem.Code.of(refused.reason());
      write(ctx, code, code.code(), refused.getMessage());
    } else if (failure instanceof SQLException sql) {
      // Without the stack trace: an outage would write one for every request
      LOG.warn("{} {}: {}", ctx.request().method(), ctx.normalizedPath(), sql.toString());
      writePlain(ctx, Problem.Code.STORE_UNAVAILABLE);
    } else {
      Problem.Code code = Problem.Code.ofUnrouted(ctx.statusCode());
      if (code == Problem.Code.INTERNAL) {
        LOG.error("{} {} failed", ctx.request().method(), ctx.normalizedPath(), failure);
      }
      writePlain(ctx, code);
    }
  }

  private static void writePlain(RoutingContext ctx, Problem.Code code) {
    write(ctx, code, code.code(), code.title());
  }

  private static void write(RoutingContext ctx, Problem.Code kind, String code, String detail) {
    HttpServerResponse response = ctx.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      response.reset();
      return;
    }
    response
        .setStatusCode(kind.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    switch (kind) {
      case UNAUTHORIZED ->
          response.putHeader("WWW-Authenticate", "Basic realm=\"registry\", Bearer");
      case OVERLOADED, STORE_UNAVAILABLE ->
          response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
      case BODY_TOO_LARGE -> response.putHeader(HttpHeaders.CONNECTION, "close");
      default -> {
        // nothing to add
      }
    }
    response.end(
        new JsonObject()
            .put("type", "about:blank")
            .put("title", kind.title())
            .put("status", kind.status())
            .put("code", code)
            .put("detail", detail)
            .toBuffer());
  }
}
