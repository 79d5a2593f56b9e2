package io.eventpipeline.launcher.load;

import io.eventpipeline.contract.FailureReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares what was sent with what is there, event by event.
 *
 * <p>Filled by one thread, then judged once. Each place is filled with its physical rows or
 * committed records, so that nothing hides a second copy.
 */
final class Reconciliation {
  private final Ledger ledger;
  private final Sightings arrivals;
  private final Sightings processed;
  private final Sightings refused;
  private final Sightings validated;
  private final Sightings enriched;
  private final Sightings deadLetters;
  private final Map<Integer, String> otherReasons = new HashMap<>();
  private final Map<String, Long> rowsByReason = new HashMap<>();
  private final Map<Integer, String> edgeRefusals = new HashMap<>();
  private final List<String> inverted = new ArrayList<>();
  private long inversions;
  private long hidden;

  Reconciliation(Ledger ledger) {
    this.ledger = ledger;
    this.arrivals = new Sightings("events_raw", ledger);
    this.processed = new Sightings("events_processed", ledger);
    this.refused = new Sightings("events_errors", ledger);
    this.validated = new Sightings("cart-events-validated", ledger);
    this.enriched = new Sightings("cart-events-enriched", ledger);
    this.deadLetters = new Sightings("cart-events-dlq", ledger);
  }

  /** A row of {@code events_raw}, {@code events_processed} (checksum ignored), and so on. */
  Sightings arrivals() {
    return arrivals;
  }

  Sightings processed() {
    return processed;
  }

  Sightings validated() {
    return validated;
  }

  Sightings enriched() {
    return enriched;
  }

  /** A row of {@code events_errors}. */
  void refused(String id, int store, String type, int checksum, String reason) {
    rowsByReason.merge(reason, 1L, Long::sum);
    reason(refused.see(id, store, type, checksum), reason, refused.place());
  }

  /** How many rows of {@code events_errors} have this reason. */
  long refusedRows(String reason) {
    return rowsByReason.getOrDefault(reason, 0L);
  }

  /** How many records of {@code cart-events-dlq} were booked. */
  long deadLetterRecords() {
    return deadLetters.rows();
  }

  /** How many rows of {@code events_errors} were booked. */
  long refusedRows() {
    return refused.rows();
  }

  /** A record of {@code cart-events-dlq}. */
  void deadLetter(String id, int store, String type, int checksum, String reason) {
    reason(deadLetters.see(id, store, type, checksum), reason, deadLetters.place());
  }

  /** {@code rows} physical rows of events_processed or events_errors that FINAL hides. */
  void hidden(long rows) {
    hidden += rows;
  }

  /** Events that came out after one of their key that had arrived later, and some of them. */
  void inversions(long count, List<String> examples) {
    inversions += count;
    inverted.addAll(examples);
  }

  /** What the edge refused, with its reason, by event. */
  void edgeRefusals(Map<Integer, String> refusals) {
    edgeRefusals.putAll(refusals);
  }

  private void reason(int event, String reason, String place) {
    if (event < 0) {
      return;
    }
    Optional<FailureReason> expected = ledger.expectation(event);
    if (expected.isEmpty() || !isRight(reason, expected.get())) {
      otherReasons.put(event, reason + " (" + place + ")");
    }
  }

  /** Whether a type or version exists cannot be known while the registry is away. */
  private static boolean isRight(String reason, FailureReason expected) {
    boolean unknown =
        expected == FailureReason.UNKNOWN_TYPE || expected == FailureReason.UNKNOWN_VERSION;
    return reason.equals(expected.code())
        || (unknown && reason.equals(FailureReason.SCHEMA_UNAVAILABLE.code()));
  }

  /** Holds every place against the ledger. */
  Verdict judge() {
    Verdict verdict = new Verdict();
    verdict.inversions(inversions, inverted);
    long unansweredNameless = 0;
    for (int event = 0; event < ledger.events(); event++) {
      judge(event, verdict);
      if (ledger.isNameless(event)) {
        unansweredNameless += ledger.attempts(event) - ledger.acknowledgements(event);
      }
    }
    for (Sightings place :
        new Sightings[] {arrivals, processed, refused, validated, enriched, deadLetters}) {
      phantoms(place, unansweredNameless, verdict);
      for (int event : place.altered()) {
        verdict.violation(Violation.ALTERED, 1, name(event) + " in " + place.place());
      }
    }
    unknownDiffer(Violation.VALIDATED, validated, processed, verdict);
    unknownDiffer(Violation.ENRICHED, enriched, processed, verdict);
    unknownDiffer(Violation.DEAD_LETTERS, deadLetters, refused, verdict);
    verdict.unanswered(Math.min(unansweredNameless, processed.unknownIds() + refused.unknownIds()));
    if (hidden != 0) {
      verdict.violation(Violation.HIDDEN, Math.abs(hidden), hidden + " rows");
    }
    return verdict;
  }

  private void judge(int event, Verdict verdict) {
    int acknowledgements = ledger.acknowledgements(event);
    int processedRows = processed.count(event);
    int refusedRows = refused.count(event);
    verdict.event(acknowledgements, processedRows, refusedRows, arrivals.count(event));
    if (acknowledgements == 0) {
      boolean answered = edgeRefusals.containsKey(event);
      String why = answered ? ": " + edgeRefusals.get(event) : "";
      verdict.violation(
          answered ? Violation.REFUSED : Violation.UNACKNOWLEDGED, 1, name(event) + why);
    } else if (processedRows + refusedRows == 0) {
      verdict.violation(Violation.LOST, 1, name(event) + ", arrivals " + arrivals.count(event));
    }
    if (processedRows + refusedRows > 1) {
      String where = ": " + processedRows + " processed, " + refusedRows + " refused";
      verdict.violation(Violation.DOUBLED, processedRows + refusedRows - 1L, name(event) + where);
    }
    judgeReason(event, processedRows, verdict);
    if (arrivals.count(event) < Math.min(acknowledgements, Byte.MAX_VALUE)
        || arrivals.count(event) > ledger.attempts(event)) {
      String counts =
          ": %d arrivals, %d acknowledgements, %d tries"
              .formatted(arrivals.count(event), acknowledgements, ledger.attempts(event));
      verdict.violation(Violation.ARRIVALS, 1, name(event) + counts);
    }
    differs(Violation.VALIDATED, event, validated, processedRows, verdict);
    differs(Violation.ENRICHED, event, enriched, processedRows, verdict);
    differs(Violation.DEAD_LETTERS, event, deadLetters, refusedRows, verdict);
  }

  private void judgeReason(int event, int processedRows, Verdict verdict) {
    Optional<FailureReason> expected = ledger.expectation(event);
    String wanted = expected.map(FailureReason::code).orElse("processed");
    String other = otherReasons.get(event);
    if (other != null) {
      verdict.violation(
          Violation.MISJUDGED, 1, name(event) + ": expected " + wanted + ", was " + other);
    } else if (expected.isPresent() && processedRows > 0) {
      verdict.violation(
          Violation.MISJUDGED, 1, name(event) + ": expected " + wanted + ", was processed");
    }
  }

  private void differs(Violation violation, int event, Sightings topic, int rows, Verdict verdict) {
    if (topic.count(event) != rows) {
      String counts = ": %d records, %d rows".formatted(topic.count(event), rows);
      verdict.violation(violation, 1, name(event) + counts);
    }
  }

  private static void unknownDiffer(
      Violation violation, Sightings topic, Sightings table, Verdict verdict) {
    if (!topic.unknown().equals(table.unknown())) {
      String counts = "ids that nothing was sent under: %d in the topic, %d in the table";
      verdict.violation(violation, 1, counts.formatted(topic.unknownIds(), table.unknownIds()));
    }
  }

  /**
   * Unknown ids are explained only by unanswered sends of events that left their id to the edge.
   */
  private static void phantoms(Sightings place, long explained, Verdict verdict) {
    long excess = place.unknownIds() - explained;
    if (excess > 0) {
      verdict.violation(
          Violation.PHANTOM,
          excess,
          excess + " ids in " + place.place() + ", such as " + firstOf(place.unknown()));
    }
    if (place.place().equals("events_raw")) {
      return; // a second arrival is what a resend is
    }
    place
        .unknown()
        .forEach(
            (id, count) -> {
              if (count > 1) {
                verdict.violation(Violation.DOUBLED, count - 1L, id + " in " + place.place());
              }
            });
  }

  private static String firstOf(Map<String, Integer> unknown) {
    return unknown.keySet().stream().sorted().findFirst().orElse("?");
  }

  private String name(int event) {
    return Ledger.id(event)
        + (ledger.isNameless(event) ? " (id by edge)" : "")
        + " "
        + ledger.type(event).code();
  }
}
