package io.eventpipeline.launcher.chaos;

import io.eventpipeline.launcher.load.Verdict;
import io.eventpipeline.launcher.load.Violation;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The one table at the end of a run, and what it comes to. */
final class ChaosReport {
  private static final List<Violation> COPIES_DIFFER =
      List.of(Violation.VALIDATED, Violation.ENRICHED, Violation.DEAD_LETTERS);

  private final PrintStream out;

  ChaosReport(PrintStream out) {
    this.out = out;
  }

  /**
   * Prints it.
   *
   * @return whether the run holds: the verdict does, at least one fault was injected, and the
   *     stream recovered from each
   */
  boolean print(ChaosOptions options, List<Injected> faults, Recovery recovery, Verdict verdict) {
    Map<String, Integer> counts = new TreeMap<>();
    faults.stream()
        .filter(Injected::happened)
        .forEach(fault -> counts.merge(fault.kind().name(), 1, Integer::sum));
    int injected = counts.values().stream().mapToInt(Integer::intValue).sum();
    out.println();
    out.printf(
        "%-22s %4s %9s %9s %9s %16s%n",
        "fault", "n", "recovery", "median", "max", "max overlapped");
    counts.forEach((kind, n) -> line(kind, n, recovery, one -> one.kind().name().equals(kind)));
    line("all", injected, recovery, one -> true);
    for (Injected fault : recovery.pending()) {
      out.println("not recovered from: " + fault.kind() + " at " + fault.begin());
    }
    int notInjected = faults.size() - injected;
    if (notInjected > 0) {
      out.println(notInjected + " faults were due but not possible at that moment");
    }
    out.printf(
        Locale.ROOT, "longest stall from edge to row: %.1f s%n", seconds(recovery.longestStall()));
    violations(verdict);
    boolean holds = verdict.holds() && recovery.pending().isEmpty() && injected > 0;
    out.printf(
        Locale.ROOT,
        "chaos seed %d, %s min, %,d events/s: %,d acknowledged, %d faults: %s%n",
        options.seed(),
        minutes(options.length()),
        options.rate(),
        verdict.acknowledged(),
        injected,
        holds ? "HOLDS" : "DOES NOT HOLD");
    return holds;
  }

  private void violations(Verdict verdict) {
    long differ = COPIES_DIFFER.stream().mapToLong(verdict::count).sum();
    out.printf(
        Locale.ROOT,
        "lost %,d · doubled %,d · phantom %,d · hash mismatch %,d · ClickHouse differs from Kafka"
            + " %,d · order inversions per key %,d%n",
        verdict.count(Violation.LOST),
        verdict.count(Violation.DOUBLED) + verdict.count(Violation.HIDDEN),
        verdict.count(Violation.PHANTOM),
        verdict.count(Violation.ALTERED),
        differ,
        verdict.inversions());
    verdict.inverted().forEach(example -> out.println("  " + example));
  }

  private void line(String kind, int n, Recovery recovery, Predicate<Injected> which) {
    List<Duration> alone = new ArrayList<>();
    List<Duration> overlapped = new ArrayList<>();
    for (Recovery.Recovered one : recovery.recovered()) {
      if (which.test(one.fault())) {
        (recovery.wasAlone(one) ? alone : overlapped).add(one.time());
      }
    }
    out.printf(
        Locale.ROOT,
        "%-22s %4d %9s %9s %9s %16s%n",
        kind,
        n,
        alone.isEmpty() ? "" : "n=" + alone.size(),
        alone.isEmpty() ? "-" : text(median(alone)),
        alone.isEmpty() ? "-" : text(max(alone)),
        overlapped.isEmpty() ? "-" : text(max(overlapped)));
  }

  private static Duration max(List<Duration> times) {
    return times.stream().max(Duration::compareTo).orElseThrow();
  }

  /** The lower of the two in the middle of an even number. */
  static Duration median(List<Duration> times) {
    List<Duration> sorted = new ArrayList<>(times);
    sorted.sort(Duration::compareTo);
    return sorted.get((sorted.size() - 1) / 2);
  }

  private static String text(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", seconds(time));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1e3;
  }

  private static String minutes(Duration length) {
    double minutes = length.toSeconds() / 60.0;
    return minutes == Math.rint(minutes)
        ? Long.toString(Math.round(minutes))
        : String.format(Locale.ROOT, "%.1f", minutes);
  }
}
