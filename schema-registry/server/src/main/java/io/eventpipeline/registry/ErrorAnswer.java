package io.eventpipeline.registry;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * How an error leaves, in whichever dialect.
 *
 * @param status HTTP
 * @param mediaType of the body
 * @param passes whether the same request may be answered a second later
 */
public record ErrorAnswer(int status, String mediaType, boolean passes) {
  private static final String RETRY_AFTER_SECONDS = "1";

  /** Answers, unless an answer is out already: one that was begun is cut off. */
  public void send(RoutingContext ctx, Buffer body) {
    HttpServerResponse response = ctx.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      response.reset();
      return;
    }
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (passes) {
      response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    if (status == 401) {
      response.putHeader("WWW-Authenticate", "Basic realm=\"registry\", Bearer");
    } else if (status == 413) {
      response.putHeader(HttpHeaders.CONNECTION, "close"); // the rest of the body is not read
    }
    response.end(body);
  }
}
