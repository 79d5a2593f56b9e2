package io.eventpipeline.registry.warehouse;

import io.eventpipeline.registry.warehouse.EventSampler.Part;
import io.eventpipeline.schema.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a schema does to stored events. An event counts once for each of its reasons. Reasons are
 * bounded; of an event only what finds it again is shown, never its data.
 *
 * <p>Filled by one thread, then read.
 */
public final class SampleReport {
  /** Most reasons that are shown, most frequent first. */
  static final int REASONS_MAX = 20;

  /** Names of members can be data: what comes after so many different places is counted as one. */
  private static final int TRACKED_MAX = 500;

  private static final int SENTENCE_REASONS_MAX = 5;

  /** In the place of a keyword. */
  private static final String MIGRATION = "migration";

  private final Part part;
  private final Map<Place, Tally> tallies = new HashMap<>();
  private long events;
  private long rejected;
  private long rejectedAlready;
  private long undecodable;
  private long untracked;
  private long migrated;
  private long migrationFailed;
  private final Map<String, Tally> failures = new HashMap<>();
  private boolean outOfTime;

  SampleReport(Part part) {
    this.part = part;
  }

  /**
   * An event that shows a reason.
   *
   * @param receivedAt by the edge
   */
  public record Example(String eventId, String source, String storeId, Instant receivedAt) {}

  /**
   * Why events are rejected.
   *
   * @param pointer JSON pointer into {@code data}, with {@code *} for positions in arrays
   * @param keyword of the schema
   * @param count events
   * @param example the first one
   */
  public record Reason(String pointer, String keyword, long count, Example example) {
    private String words() {
      String place = "/data" + pointer;
      return switch (keyword) {
        case "required" -> place + " missing";
        case "additionalProperties", "unevaluatedProperties" -> place + " not allowed";
        case "type" -> place + " of another type";
        case "" -> place + " too expensive to validate";
        case MIGRATION -> place + " cannot be migrated";
        default -> place + " breaks " + keyword;
      };
    }
  }

  /**
   * Why a migration fails.
   *
   * @param why without what is in the event
   * @param count events
   * @param example the first one
   */
  public record Failure(String why, long count, Example example) {}

  private record Place(String pointer, String keyword) {}

  private static final class Tally {
    private final Example example;
    private long count;

    Tally(Example example) {
      this.example = example;
    }
  }

  void addUndecodable() {
    undecodable++;
  }

  void addAccepted() {
    events++;
  }

  /**
   * @param already whether the version of today rejects it, too
   */
  void addRejected(List<Violation> violations, boolean already, Example event) {
    events++;
    rejected++;
    rejectedAlready += already ? 1 : 0;
    Set<Place> places = new LinkedHashSet<>();
    violations.forEach(v -> places.add(new Place(withoutPositions(v.pointer()), v.keyword())));
    boolean lost = false;
    for (Place place : places) {
      if (tallies.containsKey(place) || tallies.size() < TRACKED_MAX) {
        tallies.computeIfAbsent(place, p -> new Tally(event)).count++;
      } else {
        lost = true;
      }
    }
    untracked += lost ? 1 : 0;
  }

  /** One more event whose data a migration changed. */
  void addMigrated() {
    migrated++;
  }

  /**
   * @param why as the migration says it; what it may quote of the event is left out
   * @param already whether it fails today, too
   */
  void addUnmigratable(String why, boolean already, Example event) {
    addRejected(List.of(new Violation("", MIGRATION, why)), already, event);
    migrationFailed++;
    String reason = withoutValues(why);
    if (failures.containsKey(reason) || failures.size() < REASONS_MAX) {
      failures.computeIfAbsent(reason, r -> new Tally(event)).count++;
    }
  }

  /** Messages name what they are about first, and quote the value behind a colon. */
  private static String withoutValues(String why) {
    String[] parts = why.split(": ", 3);
    boolean pointer = parts.length > 1 && parts[1].startsWith("/");
    return pointer ? parts[0] + ": " + withoutPositions(parts[1]) : parts[0];
  }

  void end(boolean outOfTime) {
    this.outOfTime = outOfTime;
  }

  private static String withoutPositions(String pointer) {
    return pointer.replaceAll("/[0-9]+(?=/|$)", "/*");
  }

  /** First instant of receipt that was looked at. */
  public Instant from() {
    return part.from();
  }

  /** First instant of receipt that was not looked at any more. */
  public Instant to() {
    return part.to();
  }

  /** Events of the type in that time. */
  public long matching() {
    return part.matching();
  }

  /** One event in so many was tried. */
  public long oneIn() {
    return part.step();
  }

  /** Events that were held against the schema. */
  public long events() {
    return events;
  }

  public long rejected() {
    return rejected;
  }

  /** Of the rejected ones, those that the newest published version rejects, too. */
  public long rejectedAlready() {
    return rejectedAlready;
  }

  /** Events whose data one or more migrations changed before it met the schema. */
  public long migrated() {
    return migrated;
  }

  /** Of the rejected ones, those that a migration failed on. */
  public long migrationFailed() {
    return migrationFailed;
  }

  /** Most frequent first; bounded. */
  public List<Failure> failures() {
    List<Failure> all = new ArrayList<>();
    failures.forEach((why, tally) -> all.add(new Failure(why, tally.count, tally.example)));
    all.sort(Comparator.comparingLong(Failure::count).reversed().thenComparing(Failure::why));
    return List.copyOf(all);
  }

  /** Arrivals that never meet a schema. */
  public long undecodable() {
    return undecodable;
  }

  /** What ended the sample before all of it was tried: {@code time}, {@code reads} or nothing. */
  public String stoppedBy() {
    if (events + undecodable >= part.wanted()) {
      return "";
    }
    return outOfTime ? "time" : "reads";
  }

  /** Most frequent first. */
  public List<Reason> reasons() {
    List<Reason> all = new ArrayList<>();
    tallies.forEach(
        (place, tally) ->
            all.add(new Reason(place.pointer(), place.keyword(), tally.count, tally.example)));
    all.sort(
        Comparator.comparingLong(Reason::count)
            .reversed()
            .thenComparing(Reason::pointer)
            .thenComparing(Reason::keyword));
    return List.copyOf(all.subList(0, Math.min(REASONS_MAX, all.size())));
  }

  /** Reasons beyond {@link #reasons}; those that were not even told apart count as one. */
  public int moreReasons() {
    return Math.max(0, tallies.size() - REASONS_MAX) + (untracked > 0 ? 1 : 0);
  }

  /** {@code rejects 312 of 4,100,000: 301 × /data/quantity missing, 11 × ...}. */
  public String sentence() {
    if (events == 0) {
      return "there are no events to try it on";
    }
    if (rejected == 0) {
      return "rejects none of " + number(events);
    }
    List<Reason> reasons = reasons();
    StringBuilder text = new StringBuilder("rejects " + number(rejected) + " of " + number(events));
    String separator = ": ";
    for (Reason reason : reasons.subList(0, Math.min(SENTENCE_REASONS_MAX, reasons.size()))) {
      text.append(separator).append(number(reason.count())).append(" × ").append(reason.words());
      separator = ", ";
    }
    int more = Math.max(0, reasons.size() - SENTENCE_REASONS_MAX) + moreReasons();
    if (more > 0) {
      text.append(", and ").append(more).append(more == 1 ? " more reason" : " more reasons");
    }
    return text.toString();
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
