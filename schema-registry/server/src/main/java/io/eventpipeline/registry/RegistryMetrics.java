package io.eventpipeline.registry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.IntSupplier;

/** What the registry counts, for Prometheus. No label holds what a caller may choose. */
final class RegistryMetrics {
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter created = registrations("created");
  private final Counter existing = registrations("existing");
  private final Counter rejected = registrations("rejected");

  private Counter registrations(String outcome) {
    return Counter.builder("registry.registrations")
        .description("Registrations by what came of them")
        .tag("outcome", outcome)
        .register(meters);
  }

  PrometheusMeterRegistry meters() {
    return meters;
  }

  void watchPending(IntSupplier pending) {
    Gauge.builder("registry.requests.pending", pending::getAsInt)
        .description("Requests that work or wait for a worker")
        .register(meters);
  }

  void registered(boolean isNew) {
    (isNew ? created : existing).increment();
  }

  void rejected() {
    rejected.increment();
  }

  String scrape() {
    return meters.scrape();
  }
}
