package io.eventpipeline.edge;

import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.edge.EdgeStats.Totals;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * {@code GET /v1/events/stats}: what came in and what became of it, since the start and in the last
 * minute. {@code received = accepted + rejected}; {@code rejected} is by reason.
 */
final class StatsHandler implements Handler<RoutingContext> {
  private final EdgeStats stats;
  private final EventPublisher publisher;
  private final Clock clock;
  private final Instant started;

  StatsHandler(EdgeStats stats, EventPublisher publisher, Clock clock) {
    this.stats = stats;
    this.publisher = publisher;
    this.clock = clock;
    this.started = clock.instant();
  }

  @Override
  public void handle(RoutingContext ctx) {
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(json().toBuffer());
  }

  /** The document as it is answered. */
  JsonObject json() {
    return new JsonObject()
        .put("started_at", started.toString())
        .put("uptime_seconds", Duration.between(started, clock.instant()).toSeconds())
        .put("connections", stats.connections())
        .put("connections_refused", stats.connectionsRefused())
        .put("connections_late", stats.connectionsLate())
        .put("streams", stats.streams())
        .put("in_flight_events", publisher.inFlightEvents())
        .put("in_flight_bytes", publisher.inFlightBytes())
        .put("since_start", json(stats.totals()))
        .put("last_minute", json(stats.lastMinute()));
  }

  private static JsonObject json(Totals totals) {
    JsonObject rejected = new JsonObject();
    long sum = 0;
    for (FailureReason reason : FailureReason.values()) {
      long n = totals.rejected().get(reason);
      sum += n;
      if (n > 0) {
        rejected.put(reason.code(), n);
      }
    }
    return new JsonObject()
        .put("received", totals.received())
        .put("accepted", totals.accepted())
        .put("rejected", sum)
        .put("rejected_by_reason", rejected)
        .put("bytes", totals.bytes())
        .put(
            "ack_ms",
            new JsonObject()
                .put("p50", Latencies.percentileMillis(totals.latencyCounts(), 0.50))
                .put("p95", Latencies.percentileMillis(totals.latencyCounts(), 0.95))
                .put("p99", Latencies.percentileMillis(totals.latencyCounts(), 0.99)));
  }
}
