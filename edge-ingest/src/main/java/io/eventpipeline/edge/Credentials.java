package io.eventpipeline.edge;

import io.eventpipeline.contract.FailureReason;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/**
 * Finds the write key of a request and what it stands for, from the headers alone.
 *
 * <p>{@code Authorization: Bearer <key>}, {@code X-Write-Key: <key>}, or for browsers, which cannot
 * set headers on a WebSocket, the subprotocol {@code write-key.<key>}. No key and a wrong key take
 * the same way to the same answer.
 */
final class Credentials {
  private static final String BEARER = "Bearer ";
  private static final String SUBPROTOCOL = "write-key.";

  private final WriteKeys keys;
  private final EdgeStats stats;

  Credentials(WriteKeys keys, EdgeStats stats) {
    this.keys = keys;
    this.stats = stats;
  }

  /** Fingerprint of the key of the request; that of the empty key when it has none. */
  static Fingerprint fingerprint(MultiMap headers) {
    String authorization = headers.get(HttpHeaders.AUTHORIZATION);
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Fingerprint.of(authorization.substring(BEARER.length()).trim());
    }
    String key = headers.get("x-write-key");
    return Fingerprint.of(key != null ? key : fromSubprotocols(headers));
  }

  private static String fromSubprotocols(MultiMap headers) {
    String offered = headers.get("sec-websocket-protocol");
    if (offered != null) {
      for (String protocol : offered.split(",", -1)) {
        String name = protocol.trim();
        if (name.startsWith(SUBPROTOCOL)) {
          return name.substring(SUBPROTOCOL.length());
        }
      }
    }
    return "";
  }

  /** What the key stands for; null when it is (no longer) valid. */
  WriteKey find(Fingerprint fingerprint) {
    return keys.find(fingerprint);
  }

  /** What the key of the request stands for; null after the request was refused. */
  WriteKey require(RoutingContext ctx) {
    if (keys.unavailable().isPresent()) {
      stats.refusedAsAWhole(FailureReason.UNAVAILABLE);
      Problems.refuse(ctx, FailureReason.UNAVAILABLE, "write keys cannot be checked yet");
      return null;
    }
    WriteKey key = keys.find(fingerprint(ctx.request().headers()));
    if (key == null) {
      stats.refusedAsAWhole(FailureReason.UNAUTHORIZED);
      Problems.refuse(
          ctx, FailureReason.UNAUTHORIZED, "a valid write key is required (Authorization: Bearer)");
    }
    return key;
  }
}
