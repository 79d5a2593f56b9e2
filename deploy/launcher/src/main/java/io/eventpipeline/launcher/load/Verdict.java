package io.eventpipeline.launcher.load;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the reconciliation found.
 *
 * <p>{@link #holds} when no violation was found and every acknowledgement is accounted for: {@code
 * acked = processed + refused + duplicates}.
 */
public final class Verdict {
  private static final int EXAMPLES_MAX = 10;

  private final Map<Violation, Long> counts = new EnumMap<>(Violation.class);
  private final Map<Violation, List<String>> examples = new EnumMap<>(Violation.class);
  private final List<String> inverted = new ArrayList<>();
  private long inversions;
  private long acknowledged;
  private long processed;
  private long refused;
  private long duplicates;
  private long arrivals;
  private long unanswered;

  /** Books {@code count} occurrences of {@code violation}, explained by {@code example}. */
  void violation(Violation violation, long count, String example) {
    counts.merge(violation, count, Long::sum);
    List<String> known = examples.computeIfAbsent(violation, key -> new ArrayList<>());
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

  /** Adds events that came out in another order than they were acknowledged in, by key. */
  void inversions(long count, List<String> examples) {
    inversions += count;
    inverted.addAll(examples);
  }

  /** How many did; 0 when that was not looked at. */
  public long inversions() {
    return inversions;
  }

  /** Up to ten of them. */
  public List<String> inverted() {
    return List.copyOf(inverted);
  }

  /** Whether every event is exactly where it belongs, and those of a key in their order. */
  public boolean holds() {
    return counts.isEmpty() && inversions == 0 && acknowledged == processed + refused + duplicates;
  }

  /** How many occurrences of {@code violation} there are. */
  public long count(Violation violation) {
    return counts.getOrDefault(violation, 0L);
  }

  /** Up to ten occurrences of {@code violation}. */
  public List<String> examples(Violation violation) {
    return examples.getOrDefault(violation, List.of());
  }

  /** Acknowledgements, repetitions included. */
  public long acknowledged() {
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
