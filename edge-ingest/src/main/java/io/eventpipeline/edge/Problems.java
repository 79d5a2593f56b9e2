package io.eventpipeline.edge;

import io.eventpipeline.contract.FailureReason;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only writer of error answers: RFC 9457 problem documents with a stable {@code code}.
 *
 * <p>The code is that of the {@link FailureReason}, or one of {@code not_found}, {@code
 * method_not_allowed}, {@code bad_request}, {@code timeout}, {@code upgrade_required}, {@code
 * internal_error}. A request whose body was not read to its end loses its connection, since the
 * rest of the body would be taken for the next request.
 */
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final long LINGER_MILLIS = 500;
  private static final String REASON = "problem.reason";
  private static final String DETAIL = "problem.detail";

  private Problems() {}

  /** Ends the request with the problem document of the reason. */
  static void refuse(RoutingContext ctx, FailureReason reason, String detail) {
    ctx.put(REASON, reason).put(DETAIL, detail).fail(status(reason));
  }

  /** Ends the request for a cause that is none of an event's. */
  static void refuse(RoutingContext ctx, int status, String detail) {
    ctx.put(DETAIL, detail).fail(status);
  }

  /** Failure and error handler of every route. */
  static void respond(RoutingContext ctx) {
    HttpServerResponse response = ctx.response();
    if (response.ended() || response.headWritten() || response.closed()) {
      return;
    }
    int status = ctx.statusCode() > 0 ? ctx.statusCode() : 500;
    if (ctx.failure() != null && status >= 500) {
      LOG.error("{} {} failed", ctx.request().method(), ctx.normalizedPath(), ctx.failure());
    }
    FailureReason reason = ctx.get(REASON);
    String code = reason != null ? reason.code() : code(status);
    String detail = ctx.get(DETAIL);
    if (status == 503) {
      response.putHeader(HttpHeaders.RETRY_AFTER, "1");
    } else if (status == 401) {
      response.putHeader("WWW-Authenticate", "Bearer realm=\"events\"");
    }
    if (!ctx.request().isEnded()) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      closeSoon(ctx);
    }
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
        .end(document(status, code, detail));
  }

  /**
   * Vert.x waits for the rest of the body before it closes. Closing at once would reset the
   * connection under a client that still sends, and take the answer from it.
   */
  private static void closeSoon(RoutingContext ctx) {
    HttpConnection connection = ctx.request().connection();
    ctx.vertx().setTimer(LINGER_MILLIS, late -> connection.close());
  }

  private static String document(int status, String code, String detail) {
    StringBuilder out = new StringBuilder(192);
    out.append("{\"type\":\"urn:eventpipeline:problem:").append(code).append("\",\"title\":");
    JsonText.quoted(out, title(code)).append(",\"status\":").append(status);
    out.append(",\"code\":\"").append(code).append('"');
    if (detail != null) {
      JsonText.quoted(out.append(",\"detail\":"), detail);
    }
    return out.append('}').toString();
  }

  private static String title(String code) {
    String words = code.replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static String code(int status) {
    return switch (status) {
      case 400 -> "bad_request";
      case 404 -> "not_found";
      case 405 -> "method_not_allowed";
      case 406 -> "not_acceptable";
      case 408 -> "timeout";
      case 415 -> FailureReason.UNSUPPORTED_MEDIA_TYPE.code();
      case 426 -> "upgrade_required";
      case 503 -> FailureReason.UNAVAILABLE.code();
      default -> "internal_error";
    };
  }

  /** HTTP status of a refusal of one event or of a whole request. */
  static int status(FailureReason reason) {
    return switch (reason) {
      case EMPTY_PAYLOAD,
          INVALID_ENCODING,
          MALFORMED_JSON,
          DUPLICATE_KEY,
          NESTING_TOO_DEEP,
          NOT_AN_OBJECT,
          MISSING_ATTRIBUTE,
          INVALID_ATTRIBUTE,
          BATCH_SIZE ->
          400;
      case UNAUTHORIZED -> 401;
      case STORE_MISMATCH -> 403;
      case ID_CONFLICT -> 409;
      case BODY_TOO_LARGE, RECORD_TOO_LARGE -> 413;
      case UNSUPPORTED_MEDIA_TYPE -> 415;
      case UNKNOWN_TYPE, UNKNOWN_VERSION, SCHEMA_VIOLATION, MIGRATION_FAILED, ROW_REJECTED -> 422;
      case UNAVAILABLE, SCHEMA_UNAVAILABLE -> 503;
    };
  }
}
