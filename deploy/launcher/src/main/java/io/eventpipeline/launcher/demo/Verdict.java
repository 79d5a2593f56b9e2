package io.eventpipeline.launcher.demo;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the reconciliation found.
 *
 * <p>{@link #holds} when no fault was found and every acknowledgement is accounted for: {@code
 * acked = processed + refused + duplicates}.
 */
final class Verdict {
  private static final int EXAMPLES_MAX = 10;

  private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
  private final Map<Fault, List<String>> examples = new EnumMap<>(Fault.class);
  private long acknowledged;
  private long processed;
  private long refused;
  private long duplicates;
  private long arrivals;
  private long unanswered;

  /** Books {@code count} occurrences of {@code fault}, explained by {@code example}. */
  void fault(Fault fault, long count, String example) {
    counts.merge(fault, count, Long::sum);
    List<String> known = examples.computeIfAbsent(fault, key -> new ArrayList<>());
    if (known.size() < EXAMPLES_MAX) {
      known.add(example);
    }
  }

  /** Adds one event: acknowledgements, and the rows that it has in the three tables. */
  void event(int acknowledgements, int processedRows, int refusedRows, int arrivedRows) {
    acknowledged += acknowledgements;
    arrivals += arrivedRows;
    if (acknowledgements > 0) {
      duplicates += acknowledgements - 1;
      processed += processedRows;
      refused += refusedRows;
    }
  }

  /** Adds events that were taken although their sender got no answer, and sent them again. */
  void unanswered(long events) {
    unanswered += events;
  }

  /** Whether every event is exactly where it belongs. */
  boolean holds() {
    return counts.isEmpty() && acknowledged == processed + refused + duplicates;
  }

  /** How many occurrences of {@code fault} there are. */
  long count(Fault fault) {
    return counts.getOrDefault(fault, 0L);
  }

  /** Up to ten occurrences of {@code fault}. */
  List<String> examples(Fault fault) {
    return examples.getOrDefault(fault, List.of());
  }

  /** Acknowledgements, repetitions included. */
  long acknowledged() {
    return acknowledged;
  }

  /** Physical rows of {@code events_processed} for acknowledged events. */
  long processed() {
    return processed;
  }

  /** Physical rows of {@code events_errors} for acknowledged events. */
  long refused() {
    return refused;
  }

  /** Acknowledgements of an event after its first. */
  long duplicates() {
    return duplicates;
  }

  /** Rows of {@code events_raw}. */
  long arrivals() {
    return arrivals;
  }

  /** Events without an id of their own that arrived although no answer came back. */
  long unanswered() {
    return unanswered;
  }
}
