package io.eventpipeline.edge;

import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.edge.status.HeldBack;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The numbers of {@link EdgeStats} and of the JVM for Prometheus.
 *
 * <p>Read from the same counters when they are asked for: nothing is counted twice on the way of an
 * event. Labels are failure reasons, quantiles and output topics, nothing that a client can choose.
 */
final class EdgeMetrics implements AutoCloseable {
  private static final double[] QUANTILES = {0.5, 0.95, 0.99};

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();

  private final Supplier<Map<String, HeldBack>> outputs;
  private final MultiGauge heldRecords;
  private final MultiGauge heldSeconds;

  /**
   * @param outputs what readers of committed records do not see yet, by topic
   */
  EdgeMetrics(
      EdgeStats stats,
      EventPublisher publisher,
      BodyBudget bodies,
      SchemaGate gate,
      Health health,
      Supplier<Map<String, HeldBack>> outputs) {
    this.outputs = outputs;
    heldRecords =
        MultiGauge.builder("pipeline.output.held.records")
            .description("Records behind the last stable offset")
            .register(registry);
    heldSeconds =
        MultiGauge.builder("pipeline.output.held.seconds")
            .description("Age of the oldest open transaction")
            .register(registry);
    counter("edge.events.received", "Events settled", stats, s -> s.totals().received());
    counter("edge.events.accepted", "Events in Kafka", stats, s -> s.totals().accepted());
    counter("edge.received.bytes", "Bytes of bodies and messages", stats, s -> s.totals().bytes());
    counter(
        "edge.connections.refused",
        "Connections above the limit",
        stats,
        EdgeStats::connectionsRefused);
    counter(
        "edge.connections.late",
        "Connections closed for a slow head or body",
        stats,
        EdgeStats::connectionsLate);
    counter("edge.events.unseen", "Events sent on without their schema", gate, SchemaGate::unseen);
    counter(
        "edge.schema.cache.refused",
        "Schemas in Redis that were not what they claimed to be",
        gate,
        SchemaGate::cacheRefused);
    for (FailureReason reason : FailureReason.values()) {
      FunctionCounter.builder("edge.events.rejected", stats, s -> s.totals().rejected().get(reason))
          .description("Events refused")
          .tag("reason", reason.code())
          .register(registry);
    }
    for (double quantile : QUANTILES) {
      Gauge.builder(
              "edge.ack.seconds",
              stats,
              s -> Latencies.percentileMillis(s.lastMinute().latencyCounts(), quantile) / 1_000)
          .description("Receipt to acknowledgement, last minute")
          .tag("quantile", String.valueOf(quantile))
          .register(registry);
    }
    gauge("edge.connections", "Open connections", stats, EdgeStats::connections);
    gauge("edge.streams", "Open WebSockets", stats, EdgeStats::streams);
    gauge(
        "edge.in.flight.events",
        "Events without acknowledgement",
        publisher,
        EventPublisher::inFlightEvents);
    gauge("edge.in.flight.bytes", "Bytes of them", publisher, EventPublisher::inFlightBytes);
    gauge(
        "edge.bodies.bytes", "Memory of bodies that are being received", bodies, BodyBudget::taken);
    gauge("edge.ready", "1 when events are taken", health, h -> h.reasons().isEmpty() ? 1 : 0);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    gc.bindTo(registry);
  }

  private <T> void counter(String name, String description, T from, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, from, value).description(description).register(registry);
  }

  private <T> void gauge(String name, String description, T from, ToDoubleFunction<T> value) {
    Gauge.builder(name, from, value).description(description).register(registry);
  }

  /** All of it in Prometheus' text format 0.0.4. */
  String scrape() {
    Map<String, HeldBack> held = outputs.get();
    heldRecords.register(rows(held, HeldBack::records), true);
    heldSeconds.register(rows(held, one -> one.age().toMillis() / 1e3), true);
    return registry.scrape();
  }

  private static List<MultiGauge.Row<?>> rows(
      Map<String, HeldBack> held, ToDoubleFunction<HeldBack> value) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    held.forEach(
        (topic, one) ->
            rows.add(MultiGauge.Row.of(Tags.of("topic", topic), value.applyAsDouble(one))));
    return rows;
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
