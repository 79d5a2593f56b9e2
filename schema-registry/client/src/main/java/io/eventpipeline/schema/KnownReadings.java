package io.eventpipeline.schema;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the versions in memory are read, brought up to date as their lineages change; bounded. Safe
 * for use by many threads.
 */
final class KnownReadings {
  private static final Logger LOG = LoggerFactory.getLogger(KnownReadings.class);

  private final Cache<Key, Lookup> found;
  private final ConcurrentMap<String, Lineage> lineages = new ConcurrentHashMap<>();
  private final Readings readings;
  private final CompiledSchemas compiled;
  private final Source source;

  /** Where the schemas of other versions come from. */
  @FunctionalInterface
  interface Source {
    /**
     * A version's schema.
     *
     * @throws IOException when it cannot be had at the moment, or not be used here
     */
    CompiledSchema schema(Key key) throws IOException;
  }

  KnownReadings(int readingsMax, CompiledSchemas compiled, Source source) {
    this.found = Caffeine.newBuilder().maximumSize(readingsMax).build();
    this.readings = new Readings(readingsMax);
    this.compiled = compiled;
    this.source = source;
  }

  /** What is in memory; null when it is not. */
  Lookup of(Key key) {
    return found.getIfPresent(key);
  }

  /** Whether the lineage of its type names this version. */
  boolean knows(Key key) {
    Lineage known = lineages.get(key.type());
    return known != null && known.versions().containsKey(key.version());
  }

  /** Takes a lineage for granted as long as nothing better is known. */
  void suppose(String type, Supplier<Lineage> lineage) {
    lineages.computeIfAbsent(type, name -> lineage.get());
  }

  /** Takes a lineage over, and with it the readings that it changes. */
  void follow(String type, Lineage lineage) {
    if (!lineage.equals(lineages.put(type, lineage))) {
      found.asMap().keySet().stream()
          .filter(key -> key.type().equals(type))
          .forEach(key -> renew(key, compiled.known(key)));
    }
  }

  /** Takes all lineages over; there are no others. */
  void followAll(Map<String, Lineage> all) {
    all.forEach(this::follow);
    lineages.keySet().retainAll(all.keySet());
    compiled.forEach(this::readIfNew);
  }

  /**
   * Makes the reading of a version; again when its lineage changed meanwhile, for who changed it
   * may not have seen the entry yet.
   *
   * @throws IOException when what it takes cannot be had, or not be used here
   */
  Lookup keep(Key key, CompiledSchema schema) throws IOException {
    while (true) {
      Lineage lineage = lineages.getOrDefault(key.type(), Lineage.NONE);
      Lookup lookup =
          Lookup.found(
              readings.of(schema, lineage, version -> source.schema(new Key(key.type(), version))));
      found.put(key, lookup);
      if (lineage.equals(lineages.getOrDefault(key.type(), Lineage.NONE))) {
        return lookup;
      }
    }
  }

  /** Also when the registry says something else of a version than the cache did. */
  private void readIfNew(Key key, CompiledSchema schema) {
    Lookup known = found.getIfPresent(key);
    if (known == null || !known.reading().isOf(schema)) {
      renew(key, schema);
    }
  }

  /** What cannot be read any more is asked for again when an event needs it. */
  private void renew(Key key, CompiledSchema schema) {
    try {
      if (schema == null) {
        found.invalidate(key);
      } else {
        keep(key, schema);
      }
    } catch (IOException e) {
      LOG.warn("events of {} cannot be read: {}", key, e.getMessage());
      found.invalidate(key);
    }
  }
}
