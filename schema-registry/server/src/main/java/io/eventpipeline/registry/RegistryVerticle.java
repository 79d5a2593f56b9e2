package io.eventpipeline.registry;

import io.eventpipeline.registry.confluent.ConfluentRoutes;
import io.eventpipeline.registry.store.CompatibilityRule;
import io.eventpipeline.registry.store.Stores;
import io.eventpipeline.registry.warehouse.ColumnPlanner;
import io.eventpipeline.registry.warehouse.EventSampler;
import io.eventpipeline.registry.warehouse.Warehouse;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Starts and stops the listener. */
final class RegistryVerticle extends VerticleBase {
  /** Longest wait for requests in flight when the server is told to stop. */
  private static final int DRAIN_SECONDS = 5;

  /** Samples and plans at the same time: each sample keeps a core here, and one in ClickHouse. */
  private static final int LONG_WORK_MAX = 2;

  private final RegistryConfig.Http http;
  private final Stores stores;
  private final CompatibilityRule rule;
  private final Optional<Warehouse> warehouse;
  private final ColumnPlanner planner;
  private final Access access;
  private final RegistryMetrics metrics;
  private final int workerThreads;
  private HttpServer server;

  RegistryVerticle(
      RegistryConfig config,
      Stores stores,
      CompatibilityRule rule,
      Optional<Warehouse> warehouse,
      ColumnPlanner planner,
      RegistryMetrics metrics) {
    this.rule = rule;
    this.warehouse = warehouse;
    this.planner = planner;
    this.http = config.http();
    this.stores = stores;
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
    QuickReads reads = new QuickReads(access);
    server = vertx.createHttpServer(options).requestHandler(reads.before(router(workers, reads)));
    return server.listen();
  }

  /** All routes, with those who answer. */
  Router router(Workers workers, QuickReads reads) {
    return RegistryRouter.create(vertx, access, reads, handlers(workers));
  }

  private RegistryRouter.Handlers handlers(Workers workers) {
    SchemaIntake intake = new SchemaIntake(stores.schemas());
    Registrations registrations = new Registrations(metrics);
    Proposals proposals = new Proposals(stores.schemas(), intake);
    Workers longWorkers = Workers.forLongWork(vertx, LONG_WORK_MAX);
    return new RegistryRouter.Handlers(
        new OperationsHandler(stores.schemas(), workers, metrics),
        new SchemasHandler(stores.schemas(), stores.changes(), intake, workers, registrations),
        new LifecycleHandler(stores.changes(), intake, workers),
        new ValidateHandler(stores.schemas(), workers),
        new CheckHandler(
            stores,
            proposals,
            rule,
            new TriedMigration(),
            new Obstacles(planner),
            warehouse.map(events -> new EventSampler(events, Clock.systemUTC())),
            workers,
            longWorkers),
        new PlanHandler(proposals, planner, stores.settings(), longWorkers),
        new ConfluentRoutes(stores, intake, rule, registrations, workers));
  }

  int port() {
    return server.actualPort();
  }

  @Override
  public Future<?> stop() {
    return server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS);
  }
}
