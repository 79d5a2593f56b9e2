package io.eventpipeline.launcher.load;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How often each event was seen in one place, and what was seen there that was never sent.
 *
 * <p>A byte for each event; counts stop at 127. One thread.
 */
final class Sightings {
  private static final int UNKNOWN_MAX = 10_000;

  private final String place;
  private final Ledger ledger;
  private final byte[] counts;
  private final Map<String, Integer> unknown = new HashMap<>();
  private final Set<Integer> altered = new HashSet<>();
  private long rows;
  private long unknownBeyondMax;

  /**
   * Nothing seen yet.
   *
   * @param place table or topic, for messages
   */
  Sightings(String place, Ledger ledger) {
    this.place = place;
    this.ledger = ledger;
    this.counts = new byte[ledger.events()];
  }

  /**
   * Books one row or record.
   *
   * @return the event's number, or -1 when no event was sent under this identity
   */
  int see(String id, int store, String type) {
    rows++;
    int event = ledger.find(id);
    if (event < 0 || ledger.store(event) != store || !ledger.type(event).code().equals(type)) {
      if (unknown.size() < UNKNOWN_MAX || unknown.containsKey(id)) {
        unknown.merge(id, 1, Integer::sum);
      } else {
        unknownBeyondMax++;
      }
      return -1;
    }
    if (counts[event] < Byte.MAX_VALUE) {
      counts[event]++;
    }
    return event;
  }

  /** {@link #see} for a place that keeps the bytes: they must be those that were sent. */
  int see(String id, int store, String type, int checksum) {
    int event = see(id, store, type);
    if (event >= 0 && ledger.checksum(event) != checksum) {
      altered.add(event);
    }
    return event;
  }

  /** What was seen of {@code event} is not what was sent. */
  void altered(int event) {
    altered.add(event);
  }

  /** How often {@code event} was seen. */
  int count(int event) {
    return counts[event];
  }

  /** Everything seen, known or not. */
  long rows() {
    return rows;
  }

  /** Ids that nothing was sent under, with how often they were seen; at most 10,000. */
  Map<String, Integer> unknown() {
    return unknown;
  }

  /** How many different ids nothing was sent under, at least. */
  long unknownIds() {
    return unknown.size() + unknownBeyondMax;
  }

  /** Events whose bytes are not those that were sent. */
  Set<Integer> altered() {
    return altered;
  }

  String place() {
    return place;
  }
}
