package io.eventpipeline.registry.warehouse;

import io.eventpipeline.registry.Problem;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Which stored events to try.
 *
 * @param last the newest so many; 0 for a range of time
 * @param from of receipt, inclusive; null when {@code last} says which
 * @param to of receipt, exclusive; null likewise
 */
public record SampleRequest(long last, Instant from, Instant to) {
  /** What ClickHouse's DateTime64 holds, and more than was ever received. */
  private static final Instant EARLIEST = Instant.EPOCH;

  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  /**
   * Reads {@code 1000} or {@code 2026-11-01T00:00:00Z/2026-11-02T00:00:00Z}.
   *
   * @throws Problem INVALID_REQUEST for anything else
   */
  public static SampleRequest parse(String text) {
    try {
      int slash = text.indexOf('/');
      if (slash < 0) {
        return last(Long.parseLong(text));
      }
      Instant from = Instant.parse(text.substring(0, slash));
      Instant to = Instant.parse(text.substring(slash + 1));
      boolean storable = !from.isBefore(EARLIEST) && !to.isAfter(LATEST);
      if (!storable || !from.isBefore(to)) {
        throw invalid();
      }
      return new SampleRequest(0, from, to);
    } catch (NumberFormatException | DateTimeException e) {
      throw invalid();
    }
  }

  private static SampleRequest last(long events) {
    if (events < 1) {
      throw invalid();
    }
    return new SampleRequest(events, null, null);
  }

  private static Problem invalid() {
    return new Problem(
        Problem.Code.INVALID_REQUEST,
        "sample must be a number of events from 1, or two instants such as"
            + " 2026-11-01T00:00:00Z/2026-11-02T00:00:00Z");
  }
}
