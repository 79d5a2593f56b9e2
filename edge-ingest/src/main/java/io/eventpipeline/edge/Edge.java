package io.eventpipeline.edge;

import io.eventpipeline.edge.status.PipelineStatus;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Clock;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running edge: its listeners and what they share. */
final class Edge implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Edge.class);
  private static final long START_TIMEOUT_SECONDS = 30;
  private static final long STOP_TIMEOUT_SECONDS = 6;
  private static final long STATUS_EVERY_MILLIS = 10_000;

  private final EdgeConfig config;
  private final Vertx vertx;
  private final EventPublisher publisher;
  private final WriteKeys keys;
  private final SchemaGate gate;
  private final BodyBudget bodies;
  private final ConnectionLimit connections;
  private final EdgeStats stats = new EdgeStats();
  private final Health health;
  private final StatsHandler statsHandler;
  private final EdgeMetrics metrics;
  private final PipelineStatus status;
  private volatile int port;
  private volatile int adminPort;

  private Edge(EdgeConfig config, EventPublisher publisher, WriteKeys keys) {
    this.config = config;
    this.publisher = publisher;
    this.keys = keys;
    this.gate = SchemaGate.open(config.schemas());
    this.bodies = new BodyBudget(config.http().bodiesBytesMax());
    this.connections = new ConnectionLimit(config.http().connectionsMax());
    this.health = new Health(publisher, keys);
    this.statsHandler = new StatsHandler(stats, publisher, Clock.systemUTC());
    this.status = status();
    this.metrics = new EdgeMetrics(stats, publisher, bodies, gate, health, status::heldBack);
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(eventLoops(config) + 1)); // one for the admin listener
  }

  private static int eventLoops(EdgeConfig config) {
    int configured = config.http().eventLoops();
    return configured > 0 ? configured : Runtime.getRuntime().availableProcessors();
  }

  /**
   * Starts and waits until both listeners are open; ready it may be later, see {@link #health}.
   *
   * @throws IllegalStateException when a listener cannot be opened; the message names its port
   */
  static Edge start(EdgeConfig config) {
    return start(
        config, new KafkaEventPublisher(config.kafka()), new PostgresWriteKeys(config.keys()));
  }

  /** Starts with a publisher and keys that it closes in the end. */
  static Edge start(EdgeConfig config, EventPublisher publisher, WriteKeys keys) {
    Edge edge = new Edge(config, publisher, keys);
    try {
      edge.open();
      return edge;
    } catch (RuntimeException e) {
      edge.close();
      throw e;
    }
  }

  private PipelineStatus status() {
    EdgeConfig.Keys postgres = config.keys();
    return PipelineStatus.of(
        config.status(),
        config.kafka().bootstrapServers(),
        postgres.postgresUrl(),
        postgres.user(),
        postgres.password(),
        statsHandler::json,
        health::reasons);
  }

  private void open() {
    vertx.setPeriodic(1_000, second -> stats.remember());
    // Metrics show what the status saw last, and an alarm must not need somebody who asks for it
    vertx.setPeriodic(
        STATUS_EVERY_MILLIS,
        look -> {
          var unused = status.get();
        });
    deploy(
        "http.port " + config.http().port(),
        () -> new EdgeVerticle(config, this),
        eventLoops(config));
    deploy(
        "admin.port " + config.admin().port(),
        () -> new AdminVerticle(config.admin(), metrics, status, actual -> adminPort = actual),
        1);
    LOG.info(
        "listening on {}:{}, admin on {}:{}, native transport {}",
        config.http().host(),
        port,
        config.admin().host(),
        adminPort,
        vertx.isNativeTransportEnabled());
  }

  private void deploy(String what, Supplier<Deployable> verticle, int instances) {
    try {
      vertx
          .deployVerticle(verticle, new DeploymentOptions().setInstances(instances))
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(what + " cannot be opened: " + e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(what + " was not opened in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted at the start", e);
    }
  }

  void listensOn(int actualPort) {
    port = actualPort;
  }

  /** Port of the public listener. */
  int port() {
    return port;
  }

  /** Port of the operators' listener. */
  int adminPort() {
    return adminPort;
  }

  EventPublisher publisher() {
    return publisher;
  }

  WriteKeys keys() {
    return keys;
  }

  SchemaGate gate() {
    return gate;
  }

  BodyBudget bodies() {
    return bodies;
  }

  ConnectionLimit connections() {
    return connections;
  }

  EdgeStats stats() {
    return stats;
  }

  Health health() {
    return health;
  }

  StatsHandler statsHandler() {
    return statsHandler;
  }

  /**
   * Stops accepting, answers what was read, closes streams with 1001, waits for Kafka; under 10 s.
   */
  @Override
  public void close() {
    health.stopping();
    try {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .get(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("listeners did not close cleanly: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    status.close();
    metrics.close();
    publisher.close();
    gate.close();
    keys.close();
  }
}
