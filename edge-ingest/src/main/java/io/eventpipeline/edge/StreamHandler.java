package io.eventpipeline.edge;

import io.eventpipeline.edge.event.EventParser;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code GET /v1/events/stream}: upgrades to a WebSocket once the write key is found good.
 *
 * <p>The handshake's answer says in {@code x-event-credit} how many events may wait for their
 * acknowledgement. One for each event loop.
 */
final class StreamHandler implements Handler<RoutingContext> {
  private final EdgeConfig.Stream config;
  private final Credentials credentials;
  private final Submitter submitter;
  private final EdgeStats stats;
  private final ConnectionGate gate;
  private final EventParser parser = new EventParser();

  StreamHandler(
      EdgeConfig.Stream config,
      Credentials credentials,
      Submitter submitter,
      EdgeStats stats,
      ConnectionGate gate) {
    this.config = config;
    this.credentials = credentials;
    this.submitter = submitter;
    this.stats = stats;
    this.gate = gate;
  }

  @Override
  public void handle(RoutingContext ctx) {
    if (credentials.require(ctx) == null) {
      return;
    }
    HttpServerRequest request = ctx.request();
    if (!request.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true)) {
      Problems.refuse(ctx, 426, "a WebSocket upgrade is required");
      return;
    }
    HttpConnection connection = request.connection();
    Fingerprint fingerprint = Credentials.fingerprint(request.headers());
    ctx.response().putHeader("x-event-credit", String.valueOf(config.creditEvents()));
    request
        .toWebSocket()
        .onSuccess(
            socket ->
                new StreamSession(
                        socket, config, credentials, fingerprint, submitter, stats, parser)
                    .start(ctx.vertx(), () -> gate.left(connection)))
        .onFailure(refused -> Problems.refuse(ctx, 400, "not a WebSocket handshake"));
  }
}
