package io.eventpipeline.registry.confluent;

import io.eventpipeline.registry.ErrorAnswer;
import io.eventpipeline.registry.Problem;
import io.eventpipeline.registry.store.ChangeRefusedException;
import io.eventpipeline.schema.SchemaRejectedException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The only place that writes an error of the dialect: {@code {"error_code","message"}}. */
public final class ConfluentErrors {
  private static final Logger LOG = LoggerFactory.getLogger(ConfluentErrors.class);

  private ConfluentErrors() {}

  /** Answers a request that failed. */
  public static void respond(RoutingContext ctx) {
    Throwable failure = ctx.failure();
    if (failure instanceof ConfluentError error) {
      write(ctx, error.code(), error.getMessage());
    } else if (failure instanceof Problem problem) {
      write(ctx, ErrorCode.of(problem.code()), problem.getMessage());
    } else if (failure instanceof ChangeRefusedException refused) {
      write(ctx, ErrorCode.ofVersion(refused.reason()), refused.getMessage());
    } else if (failure instanceof SchemaRejectedException rejected) {
      boolean large = rejected.reason() == SchemaRejectedException.Reason.TOO_LARGE;
      write(
          ctx,
          large ? ErrorCode.SCHEMA_TOO_LARGE : ErrorCode.INVALID_SCHEMA,
          "Invalid schema, " + rejected.reason().code() + ": " + rejected.getMessage());
    } else if (failure instanceof SQLException sql) {
      LOG.warn("{} {}: {}", ctx.request().method(), ctx.normalizedPath(), sql.toString());
      Problem.Code code = Problem.Code.of(sql);
      boolean gone = code == Problem.Code.STORE_UNAVAILABLE;
      write(ctx, ErrorCode.of(code), gone ? "Error in the backend data store" : code.title());
    } else {
      ErrorCode code = ErrorCode.of(Problem.Code.ofUnrouted(ctx.statusCode()));
      if (code == ErrorCode.INTERNAL) {
        LOG.error("{} {} failed", ctx.request().method(), ctx.normalizedPath(), failure);
      }
      write(ctx, code, "HTTP " + code.status());
    }
  }

  private static void write(RoutingContext ctx, ErrorCode code, String message) {
    boolean passes = code == ErrorCode.STORE || code == ErrorCode.TIMEOUT;
    new ErrorAnswer(code.status(), MediaTypes.answer(ctx), passes)
        .send(
            ctx,
            new JsonObject().put("error_code", code.code()).put("message", message).toBuffer());
  }
}
