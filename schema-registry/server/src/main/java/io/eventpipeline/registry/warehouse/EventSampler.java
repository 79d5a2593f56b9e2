package io.eventpipeline.registry.warehouse;

import io.eventpipeline.registry.Problem;
import io.eventpipeline.registry.RegistryConfig.Sample;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Tries a schema on the arrivals that {@code events_raw} holds of a type.
 *
 * <p>Bounded by {@link Sample} in events, in what ClickHouse reads and in time, whatever is asked.
 * Where a range holds more than may be tried, one event in so many is taken by the hash of its
 * place in Kafka, so that no store and no hour weighs more than it does in the range. The newest
 * events are looked for in windows that grow backwards from now, since the table is ordered by
 * store and hour: what was sent this morning is found without reading last year.
 */
public final class EventSampler {
  private static final String OF_TYPE =
      " FROM events_raw WHERE event_type = {type:String}"
          + " AND received_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')"
          + " AND received_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')"
          + " AND cityHash64(src_partition, src_offset) % {step:UInt64} = 0";

  private static final String COUNT = "SELECT toInt64(count()) AS events" + OF_TYPE;

  private static final String NTH_NEWEST =
      "SELECT toUnixTimestamp64Milli(received_at) AS millis"
          + OF_TYPE
          + " ORDER BY received_at DESC LIMIT 1 OFFSET {skip:UInt64}";

  private static final String EVENTS =
      "SELECT event_id, source, store_id, toUnixTimestamp64Milli(received_at) AS millis, payload"
          + OF_TYPE
          + " LIMIT {limit:UInt64}";

  /** Limits are looked at between blocks: usual ones of 65,409 rows would be past them at once. */
  private static final String BLOCK_ROWS_MAX = "2048";

  private static final Duration FIRST_WINDOW = Duration.ofHours(1);
  private static final int WINDOW_GROWTH = 4;

  /** The table keeps 18 months. */
  private static final Duration LAST_WINDOW = Duration.ofDays(550);

  /** Clocks of edges run ahead by less. */
  private static final Duration CLOCK_SKEW_MAX = Duration.ofHours(1);

  private final Warehouse warehouse;
  private final Sample bounds;
  private final Clock clock;

  public EventSampler(Warehouse warehouse, Clock clock) {
    this.warehouse = warehouse;
    this.bounds = warehouse.config().sample();
    this.clock = clock;
  }

  /**
   * Tries a proposal. Takes up to {@link Sample#timeMax}.
   *
   * @throws Problem SAMPLE_TOO_LARGE when more was asked for than is allowed, or it cannot even be
   *     counted; CLICKHOUSE_UNAVAILABLE
   */
  public SampleReport run(String type, SampleRequest request, Proposed proposed) {
    Run run = new Run(type, new Deadline(bounds.timeMax()));
    Part part = request.last() > 0 ? run.newest(request.last()) : run.between(request);
    SampleReport report = new SampleReport(part);
    if (part.wanted() > 0) {
      run.tryOn(part, new Trial(type, proposed, report));
    }
    report.end(run.deadline.passed());
    return report;
  }

  /**
   * What is to be tried.
   *
   * @param matching events of the type in the range
   * @param step one event in so many
   * @param wanted how many that are, at least where more come in meanwhile
   */
  record Part(Instant from, Instant to, long matching, long step, long wanted) {}

  /** One request. */
  private final class Run {
    private final String type;
    private final Deadline deadline;

    Run(String type, Deadline deadline) {
      this.type = type;
      this.deadline = deadline;
    }

    Part newest(long last) {
      if (last > bounds.eventsMax()) {
        throw new Problem(
            Problem.Code.SAMPLE_TOO_LARGE, "at most " + bounds.eventsMax() + " events are tried");
      }
      Instant now = clock.instant();
      Instant to = now.plus(CLOCK_SKEW_MAX);
      Duration window = FIRST_WINDOW;
      long found = count(now.minus(window), to, 1);
      while (found < last && window.compareTo(LAST_WINDOW) < 0) {
        window = window.multipliedBy(WINDOW_GROWTH);
        found = count(now.minus(window), to, 1);
      }
      Instant from = now.minus(window);
      if (found > last) {
        from = nthNewest(from, to, last - 1);
      }
      long wanted = Math.min(found, last);
      return new Part(from, to, wanted, 1, wanted);
    }

    Part between(SampleRequest range) {
      long matching = count(range.from(), range.to(), 1);
      long step = 1 + Math.max(0, matching - 1) / bounds.eventsMax();
      long wanted = step == 1 ? matching : count(range.from(), range.to(), step);
      return new Part(range.from(), range.to(), matching, step, wanted);
    }

    private long count(Instant from, Instant to, long step) {
      return number(COUNT, "events", values(from, to, step));
    }

    private Instant nthNewest(Instant from, Instant to, long skip) {
      Map<String, Object> values = values(from, to, 1);
      values.put("skip", skip);
      return Instant.ofEpochMilli(number(NTH_NEWEST, "millis", values));
    }

    private long number(String sql, String column, Map<String, Object> values) {
      long[] number = {0};
      warehouse.read(
          sql,
          values,
          limits("throw"),
          row -> {
            number[0] = row.getLong(column);
            return false;
          });
      return number[0];
    }

    void tryOn(Part part, Trial trial) {
      Map<String, Object> values = values(part.from(), part.to(), part.step());
      values.put("limit", part.wanted());
      warehouse.read(
          EVENTS,
          values,
          limits("break"),
          row -> {
            trial.take(
                row.getString("payload"),
                new SampleReport.Example(
                    row.getString("event_id"),
                    row.getString("source"),
                    row.getString("store_id"),
                    Instant.ofEpochMilli(row.getLong("millis"))));
            return !deadline.passed();
          });
    }

    private Map<String, Object> values(Instant from, Instant to, long step) {
      Map<String, Object> values = new HashMap<>();
      values.put("type", type);
      values.put("from", from.toEpochMilli());
      values.put("to", to.toEpochMilli());
      values.put("step", step);
      return values;
    }

    /**
     * @param overflow {@code throw}, or {@code break} for what there is until then
     */
    private Map<String, String> limits(String overflow) {
      return Map.of(
          "max_execution_time",
          Long.toString(deadline.seconds()),
          "timeout_overflow_mode",
          overflow,
          "max_rows_to_read",
          Long.toString(bounds.rowsReadMax()),
          "max_bytes_to_read",
          Long.toString(bounds.bytesReadMax()),
          "read_overflow_mode",
          overflow,
          "max_block_size",
          BLOCK_ROWS_MAX);
    }
  }
}
