package io.eventpipeline.launcher.load;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a close look adds to the reconciliation: whether the {@code data} of each processed row says
 * what was sent, and whether the events of one key come out in the order of the raw topic.
 *
 * <p>That order is the one in which the edge acknowledged them: of one partition it acknowledges in
 * the order of offsets. An event that arrived several times counts where it arrived first, since
 * deduplication keeps the first. Filled in this order: raw records, enriched records, rows. One
 * thread; 12 bytes an event and one entry for each visit.
 */
final class Scrutiny {
  private static final int EXAMPLES_MAX = 10;
  private static final int OFFSET_BITS = 48;
  private static final long OFFSET_MASK = (1L << OFFSET_BITS) - 1;
  private static final long NOWHERE = Long.MAX_VALUE;

  private final Ledger ledger;
  private final long[] positions;
  private final int[] digests;
  private final Map<String, Emitted> newestByKey = new HashMap<>();
  private final List<String> examples = new ArrayList<>();
  private long inversions;

  /**
   * A record of the enriched topic.
   *
   * @param receivedMillis when the edge received the event
   */
  private record Emitted(int event, int partition, long offset, long receivedMillis) {}

  Scrutiny(Ledger ledger) {
    this.ledger = ledger;
    this.positions = new long[ledger.events()];
    this.digests = new int[ledger.events()];
    Arrays.fill(positions, NOWHERE);
  }

  /** A record of the raw topic. */
  void arrived(String id, int partition, long offset, byte[] value) {
    int event = ledger.find(id);
    if (event >= 0) {
      positions[event] = Math.min(positions[event], (long) partition << OFFSET_BITS | offset);
      digests[event] = DataDigest.ofEvent(value);
    }
  }

  /**
   * A record of the enriched topic, in the order of its partition.
   *
   * @param receivedMillis its timestamp
   */
  void enriched(String id, String key, int partition, long offset, long receivedMillis) {
    int event = ledger.find(id);
    if (event < 0) {
      return;
    }
    Emitted emitted = new Emitted(event, partition, offset, receivedMillis);
    Emitted newest = newestByKey.getOrDefault(key, emitted);
    if (positions[event] < positions[newest.event()]) {
      inversions++;
      if (examples.size() < EXAMPLES_MAX) {
        examples.add(key + ": " + describe(emitted) + " came after " + describe(newest));
      }
    } else {
      newestByKey.put(key, emitted);
    }
  }

  /** All that it takes to find the event in the logs of a run. */
  private String describe(Emitted emitted) {
    long position = positions[emitted.event()];
    return "%s (received %s, raw %s, enriched %d@%d)"
        .formatted(
            Ledger.id(emitted.event()),
            Instant.ofEpochMilli(emitted.receivedMillis()),
            position == NOWHERE
                ? "nowhere"
                : (position >>> OFFSET_BITS) + "@" + (position & OFFSET_MASK),
            emitted.partition(),
            emitted.offset());
  }

  /** Whether {@code data}, as ClickHouse gives it, says what was sent. */
  boolean isUnaltered(int event, byte[] data) {
    return DataDigest.ofData(data) == digests[event];
  }

  /** Enriched events that came after one of their key that had arrived later. */
  long inversions() {
    return inversions;
  }

  /** Up to ten of them; places are partition@offset. */
  List<String> examples() {
    return examples;
  }
}
