package io.eventpipeline.registry;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;

/** Starts and stops the listener. */
final class RegistryVerticle extends VerticleBase {
  /** Longest wait for requests in flight when the server is told to stop. */
  private static final int DRAIN_SECONDS = 5;

  private final RegistryConfig.Http http;
  private final SchemaStore store;
  private final Access access;
  private final RegistryMetrics metrics;
  private final int workerThreads;
  private HttpServer server;

  RegistryVerticle(RegistryConfig config, SchemaStore store, RegistryMetrics metrics) {
    this.http = config.http();
    this.store = store;
    this.access = new Access(config.tokens());
    this.metrics = metrics;
    this.workerThreads = config.postgres().poolMax();
  }

  @Override
  public Future<?> start() {
    Workers workers = new Workers(vertx, workerThreads);
    metrics.watchPending(workers::pending);
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(http.host())
            .setPort(http.port())
            .setIdleTimeout(60)
            .setMaxInitialLineLength(8 * 1024)
            .setMaxHeaderSize(16 * 1024);
    server =
        vertx
            .createHttpServer(options)
            .requestHandler(
                RegistryRouter.create(
                    vertx,
                    access,
                    new SchemasHandler(store, workers, metrics),
                    new OperationsHandler(store, workers, metrics)));
    return server.listen();
  }

  int port() {
    return server.actualPort();
  }

  @Override
  public Future<?> stop() {
    return server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS);
  }
}
