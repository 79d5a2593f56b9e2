package io.eventpipeline.schema;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * What could not be found, bounded: that the registry has no such schema, until its list changes;
 * that nobody could tell, for a moment, so that such an event costs the next one nothing. Safe for
 * use by many threads.
 */
final class Absences {
  private final Cache<Key, Lookup> denied;
  private final Cache<Key, Lookup> unavailable;
  private long lists; // how often the list changed; guarded by denied

  Absences(int entriesMax, Duration unavailableFor, Ticker ticker) {
    denied = Caffeine.newBuilder().maximumSize(entriesMax).build();
    unavailable =
        Caffeine.newBuilder()
            .maximumSize(entriesMax)
            .expireAfterWrite(unavailableFor)
            .ticker(ticker)
            .build();
  }

  /**
   * What is known to be missing; null when nothing is known.
   *
   * @param believed whether the registry was heard of lately enough for its denials to count
   */
  Lookup of(Key key, boolean believed) {
    Lookup known = believed ? denied.getIfPresent(key) : null;
    return known == null ? unavailable.getIfPresent(key) : known;
  }

  /** How often the list changed, to be asked for before the registry is. */
  long lists() {
    synchronized (denied) {
      return lists;
    }
  }

  /** Unless the list changed since the registry was asked: the answer may be older than that. */
  Lookup denied(Key key, Lookup lookup, long asked) {
    synchronized (denied) {
      if (lists == asked) {
        denied.put(key, lookup);
      }
    }
    return lookup;
  }

  Lookup unavailable(Key key, String why) {
    Lookup lookup = Lookup.unavailable(why);
    unavailable.put(key, lookup);
    return lookup;
  }

  void listChanged() {
    synchronized (denied) {
      lists++;
      denied.invalidateAll();
    }
    unavailable.invalidateAll();
  }
}
