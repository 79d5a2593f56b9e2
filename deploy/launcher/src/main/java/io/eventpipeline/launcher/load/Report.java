package io.eventpipeline.launcher.load;

import io.eventpipeline.contract.FailureReason;
import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What is printed at the end of a run. */
final class Report {
  private static final int LABEL_CHARS = 26;

  /**
   * How long the run took.
   *
   * @param sending from the first send to the last acknowledgement
   * @param arrival when the last row was visible; empty when it never was
   */
  record Times(Duration sending, Optional<Arrival> arrival) {}

  /**
   * The moment at which the last row was seen.
   *
   * @param time since the first send
   * @param cpu that this process used in that time: it shares the machine with what it measures
   */
  record Arrival(Duration time, Duration cpu) {}

  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  /** Prints counts by place, violations with examples, the identity, rates and latencies. */
  void print(Ledger ledger, Traffic traffic, Reconciliation found, Verdict verdict, Times times) {
    places(ledger, traffic, found);
    violations(verdict);
    identity(verdict);
    rates(traffic, verdict, times);
  }

  private void places(Ledger ledger, Traffic traffic, Reconciliation found) {
    Map<FailureReason, Long> reasons = new EnumMap<>(FailureReason.class);
    long processed = 0;
    long refused = 0;
    for (int event = 0; event < ledger.events(); event++) {
      if (ledger.acknowledgements(event) > 0) {
        Optional<FailureReason> reason = ledger.expectation(event);
        reason.ifPresent(code -> reasons.merge(code, 1L, Long::sum));
        refused += reason.isPresent() ? 1 : 0;
        processed += reason.isPresent() ? 0 : 1;
      }
    }
    out.println();
    out.printf("%-" + LABEL_CHARS + "s %12s %12s%n", "", "expected", "found");
    line("events_raw", traffic.acknowledged(), found.arrivals().rows());
    line("events_processed", processed, found.processed().rows());
    line("events_errors", refused, found.refusedRows());
    reasons.forEach(
        (reason, count) -> line("  " + reason.code(), count, found.refusedRows(reason.code())));
    line(found.validated().place(), processed, found.validated().rows());
    line(found.enriched().place(), processed, found.enriched().rows());
    line("cart-events-dlq", refused, found.deadLetterRecords());
    if (traffic.repeated() > 0) {
      out.printf(
          Locale.ROOT,
          "%,d sends were repeated, since the edge asked for it or did not answer: as many more"
              + " arrivals are right%n",
          traffic.repeated());
    }
    out.println();
  }

  private void line(String place, long expected, long found) {
    out.printf(Locale.ROOT, "%-" + LABEL_CHARS + "s %,12d %,12d%n", place, expected, found);
  }

  private void violations(Verdict verdict) {
    StringBuilder line = new StringBuilder();
    for (Violation violation : Violation.values()) {
      line.append(line.length() == 0 ? "" : violation == Violation.ALTERED ? "\n" : " · ");
      line.append(violation.label()).append(' ');
      line.append(String.format(Locale.ROOT, "%,d", verdict.count(violation)));
    }
    out.println(line);
    for (Violation violation : Violation.values()) {
      if (verdict.count(violation) > 0) {
        out.println(violation.label() + ": " + violation.meaning());
        verdict.examples(violation).forEach(example -> out.println("  " + example));
      }
    }
  }

  private void identity(Verdict verdict) {
    if (verdict.unanswered() > 0) {
      out.printf(
          Locale.ROOT,
          "%,d events without an id arrived although their answer was lost; they were sent again"
              + " and are there under two ids%n",
          verdict.unanswered());
    }
    out.printf(
        Locale.ROOT,
        "acked %,d = processed %,d + refused %,d + duplicates %,d: %s%n",
        verdict.acknowledged(),
        verdict.processed(),
        verdict.refused(),
        verdict.duplicates(),
        verdict.holds() ? "holds" : "DOES NOT HOLD");
  }

  private void rates(Traffic traffic, Verdict verdict, Times times) {
    out.printf(
        Locale.ROOT,
        "acknowledged in %.1f s (%,.0f events/s); p50 %s  p95 %s  p99 %s  p99.9 %s%n",
        seconds(times.sending()),
        traffic.acknowledged() / seconds(times.sending()),
        millis(traffic.latency().percentile(0.5)),
        millis(traffic.latency().percentile(0.95)),
        millis(traffic.latency().percentile(0.99)),
        millis(traffic.latency().percentile(0.999)));
    if (times.arrival().isPresent()) {
      Arrival arrival = times.arrival().get();
      double seconds = seconds(arrival.time());
      out.printf(
          Locale.ROOT,
          "end to end: %,.0f events/s (first send to last row visible: %.1f s)%n",
          verdict.acknowledged() / seconds,
          seconds);
      out.printf(
          Locale.ROOT,
          "this client until then: %.1f s CPU, %.0f us an event%n",
          seconds(arrival.cpu()),
          arrival.cpu().toNanos() / 1e3 / verdict.acknowledged());
    }
  }

  private static double seconds(Duration duration) {
    return Math.max(1, duration.toMillis()) / 1e3;
  }

  private static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
  }
}
