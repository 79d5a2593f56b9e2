package io.eventpipeline.registry;

import io.eventpipeline.registry.confluent.ConfluentErrors;
import io.eventpipeline.registry.confluent.Dialect;
import io.eventpipeline.registry.store.ChangeRefusedException;
import io.eventpipeline.registry.store.Explanation;
import io.eventpipeline.registry.store.Judgement;
import io.eventpipeline.registry.store.MissingColumns;
import io.eventpipeline.schema.SchemaRejectedException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** The only place that writes an error: a problem document (RFC 9457) with a stable code. */
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  private Problems() {}

  static void respond(RoutingContext ctx) {
    if (Dialect.isMeant(ctx)) {
      ConfluentErrors.respond(ctx);
      return;
    }
    Throwable failure = ctx.failure();
    if (failure instanceof Problem problem) {
      ObjectNode document = document(problem.code(), problem.getMessage());
      if (problem instanceof UnsafePattern unsafe) {
        unsafe.write(document);
      }
      write(ctx, problem.code(), document);
    } else if (failure instanceof SchemaRejectedException rejected) {
      ObjectNode document = document(Problem.Code.SCHEMA_REJECTED, rejected.getMessage());
      write(ctx, Problem.Code.SCHEMA_REJECTED, document.put("code", rejected.reason().code()));
    } else if (failure instanceof ChangeRefusedException refused) {
      Problem.Code code = Problem.Code.of(refused.reason());
      ObjectNode document = document(code, refused.getMessage());
      refused.explanation().ifPresent(explanation -> explain(explanation, document));
      write(ctx, code, document);
    } else if (failure instanceof SQLException sql) {
      // Without the stack trace: an outage would write one for every request
      LOG.warn("{} {}: {}", ctx.request().method(), ctx.normalizedPath(), sql.toString());
      writePlain(ctx, Problem.Code.of(sql));
    } else {
      Problem.Code code = Problem.Code.ofUnrouted(ctx.statusCode());
      if (code == Problem.Code.INTERNAL) {
        LOG.error("{} {} failed", ctx.request().method(), ctx.normalizedPath(), failure);
      }
      writePlain(ctx, code);
    }
  }

  private static void writePlain(RoutingContext ctx, Problem.Code code) {
    write(ctx, code, document(code, code.title()));
  }

  private static ObjectNode document(Problem.Code kind, String detail) {
    return JsonBody.JSON
        .createObjectNode()
        .put("type", "about:blank")
        .put("title", kind.title())
        .put("status", kind.status())
        .put("code", kind.code())
        .put("detail", detail);
  }

  private static void explain(Explanation explanation, ObjectNode document) {
    if (explanation instanceof Judgement judgement) {
      JudgementDocument.write(judgement, document);
    } else if (explanation instanceof MissingColumns missing) {
      missing.statements().forEach(document.putArray("statements")::add);
    }
  }

  private static void write(RoutingContext ctx, Problem.Code kind, ObjectNode document) {
    boolean passes =
        switch (kind) {
          case OVERLOADED, STORE_UNAVAILABLE, CLICKHOUSE_UNAVAILABLE -> true;
          default -> false;
        };
    new ErrorAnswer(kind.status(), "application/problem+json", passes)
        .send(ctx, Buffer.buffer(SchemaDocuments.bytes(document)));
  }
}
