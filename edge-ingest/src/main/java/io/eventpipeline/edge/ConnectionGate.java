package io.eventpipeline.edge;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Lets the connections of one event loop in, and sees off those that do not get on.
 *
 * <p>One above the limit of all event loops is accepted and its request answered by the crowded
 * router, or it is closed after {@link #REFUSED}; until then it takes no place. One that is in is
 * closed when its first head is not complete within {@code headTimeout}, or a body within {@code
 * bodyTimeout} of its head, each at most {@link #TICK} late. Later heads are left to the idle
 * timeout: it counts what was decoded, so bytes of a head do not feed it. Streams have rules of
 * their own. Lives on its event loop.
 */
final class ConnectionGate {
  static final Duration TICK = Duration.ofMillis(500);
  static final Duration REFUSED = Duration.ofSeconds(1);

  private final EdgeConfig.Http config;
  private final ConnectionLimit limit;
  private final EdgeStats stats;
  private final Vertx vertx;
  private final IdentityHashMap<HttpConnection, Visit> visits = new IdentityHashMap<>();

  /** What one connection is at, as far as the last look told. */
  private static final class Visit {
    private long sinceNanos = System.nanoTime();
    private boolean headDone;
    private HttpServerRequest current;
    private HttpServerRequest seen;
  }

  ConnectionGate(EdgeConfig.Http config, ConnectionLimit limit, EdgeStats stats, Vertx vertx) {
    this.config = config;
    this.limit = limit;
    this.stats = stats;
    this.vertx = vertx;
  }

  /** Starts to watch; must be called on the event loop. */
  void start() {
    vertx.setPeriodic(TICK.toMillis(), tick -> closeLate());
  }

  /** Takes a new connection. */
  void connected(HttpConnection connection) {
    if (!limit.enter()) {
      stats.connectionRefused();
      vertx.setTimer(REFUSED.toMillis(), late -> connection.close());
      return;
    }
    stats.connection(1);
    visits.put(connection, new Visit());
    connection.closeHandler(gone -> left(connection));
  }

  /** A connection is gone. Vert.x does not tell of one that became a stream: its stream has to. */
  void left(HttpConnection connection) {
    if (visits.remove(connection) != null) {
      limit.leave();
      stats.connection(-1);
    }
  }

  /**
   * Handles requests.
   *
   * @param router answers those of connections that are in
   * @param crowded answers those of the others
   */
  Handler<HttpServerRequest> guard(
      Handler<HttpServerRequest> router, Handler<HttpServerRequest> crowded) {
    return request -> {
      Visit visit = visits.get(request.connection());
      if (visit == null) {
        crowded.handle(request);
      } else {
        visit.headDone = true;
        visit.current = request;
        router.handle(request);
      }
    };
  }

  private void closeLate() {
    long now = System.nanoTime();
    List<HttpConnection> late = new ArrayList<>(); // closing changes the map
    visits.forEach(
        (connection, visit) -> {
          if (isLate(visit, now)) {
            late.add(connection);
          }
        });
    for (HttpConnection connection : late) {
      stats.connectionLate();
      connection.close();
    }
  }

  private boolean isLate(Visit visit, long now) {
    HttpServerRequest request = visit.current;
    if (request == null) {
      return !visit.headDone && now - visit.sinceNanos > config.headTimeout().toNanos();
    }
    if (request.isEnded()) {
      visit.current = null; // its answer has a deadline of its own, at Kafka
      visit.seen = null;
      return false;
    }
    if (visit.seen != request) {
      visit.seen = request;
      visit.sinceNanos = now;
    }
    return now - visit.sinceNanos > config.bodyTimeout().toNanos();
  }
}
