package io.eventpipeline.registry;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * An answer that can be had again by its tag.
 *
 * @param etag with its quotes
 * @param body JSON; null when the caller has it already
 */
record Representation(String etag, byte[] body) {

  /** Answers 304 without a body to a GET whose caller has this one. */
  void send(RoutingContext ctx) {
    HttpServerResponse response =
        ctx.response()
            .putHeader(HttpHeaders.ETAG, etag)
            .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    boolean known =
        body == null
            || (ctx.request().method().equals(HttpMethod.GET)
                && matches(ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH), etag));
    if (known) {
      response.setStatusCode(304).end();
    } else {
      Buffer whole = Buffer.buffer(body);
      response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
      QuickReads.offer(ctx, whole);
      response.end(whole);
    }
  }

  /** Weak comparison with each tag of the list, as RFC 9110 asks of If-None-Match. */
  static boolean matches(String ifNoneMatch, String etag) {
    if (ifNoneMatch == null) {
      return false;
    }
    for (String candidate : ifNoneMatch.split(",", -1)) {
      String tag = candidate.strip();
      if (tag.equals("*") || (tag.startsWith("W/") ? tag.substring(2) : tag).equals(etag)) {
        return true;
      }
    }
    return false;
  }
}
