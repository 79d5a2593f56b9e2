package io.eventpipeline.launcher.load;

import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far the rows of a run have come, by the edge's time of receipt: whatever waits anywhere
 * between the edge and ClickHouse holds it back. One thread.
 */
public final class Freshness {
  private final Warehouse warehouse;
  private final Map<Integer, Long> newestMillis = new HashMap<>();

  Freshness(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  /**
   * Looks at {@code events_processed} once.
   *
   * @throws IOException when ClickHouse does not answer within 2 s
   */
  public void look() throws IOException, InterruptedException {
    warehouse.newest(
        oldest().orElse(Instant.EPOCH),
        (partition, millis) -> newestMillis.merge(partition, millis, Math::max));
  }

  /**
   * The time of receipt that every partition of the raw topic has reached in ClickHouse, as of the
   * newest look; empty before the first row.
   */
  public Optional<Instant> oldest() {
    return newestMillis.values().stream().min(Long::compare).map(Instant::ofEpochMilli);
  }
}
