package io.eventpipeline.edge;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One event loop of the public listener: starts it and stops it.
 *
 * <p>Stopping: no new connection, requests in flight and read messages are answered, streams are
 * closed with 1001, all within {@link #GRACE}.
 */
final class EdgeVerticle extends VerticleBase {
  static final Duration GRACE = Duration.ofSeconds(4);

  private static final String ANY_SUBPROTOCOL = "*";

  private final EdgeConfig config;
  private final Edge edge;
  private HttpServer server;

  EdgeVerticle(EdgeConfig config, Edge edge) {
    this.config = config;
    this.edge = edge;
  }

  @Override
  public Future<?> start() {
    Context context = vertx.getOrCreateContext();
    AckLane lane = new AckLane(task -> context.runOnContext(run -> task.run()));
    EdgeStats stats = edge.stats();
    Credentials credentials = new Credentials(edge.keys(), stats);
    Submitter submitter =
        new Submitter(
            edge.publisher(),
            edge.gate(),
            stats,
            Clock.systemUTC(),
            lane,
            config.http().bodyBytesMax());
    Intake intake = new Intake(config.http(), credentials, edge.bodies(), stats, submitter);
    ConnectionGate gate = new ConnectionGate(config.http(), edge.connections(), stats, vertx);
    gate.start();
    Router router =
        EdgeRouter.create(
            vertx,
            new SubmitHandler(intake),
            new BatchHandler(intake),
            new StreamHandler(config.stream(), credentials, submitter, stats, gate),
            edge.statsHandler(),
            edge.health());
    Router crowded = EdgeRouter.crowded(vertx, edge.health(), stats);
    server =
        vertx
            .createHttpServer(options())
            .connectionHandler(gate::connected)
            .requestHandler(gate.guard(router, crowded));
    // -1: the event loops share one random port, 0 would give each its own
    int port = config.http().port() == 0 ? -1 : config.http().port();
    return server
        .listen(port, config.http().host())
        .onSuccess(up -> edge.listensOn(up.actualPort()));
  }

  private HttpServerOptions options() {
    HttpServerOptions options = new HttpServerOptions();
    options
        .setMaxWebSocketFrameSize(config.stream().messageBytesMax())
        .setMaxWebSocketMessageSize(config.stream().messageBytesMax())
        .setWebSocketSubProtocols(List.of(ANY_SUBPROTOCOL))
        // Vert.x tells of a connection that may be HTTP/2 only when its first bytes are there
        .setHttp2ClearTextEnabled(false)
        // Inflating is a way to send more than the limits allow
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setWebSocketClosingTimeout((int) GRACE.toSeconds())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setReadIdleTimeout((int) config.http().idleTimeout().toMillis());
    return options;
  }

  @Override
  public Future<?> stop() {
    return server.shutdown(GRACE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
