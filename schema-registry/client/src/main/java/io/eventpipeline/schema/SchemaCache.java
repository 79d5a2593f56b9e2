package io.eventpipeline.schema;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What stands between a process's memory and the registry and outlives both: the last answers of
 * the registry. It only ever helps: when it does not answer in time or holds nonsense, it counts as
 * empty. Blocks for a bounded, short time; safe for use by many threads.
 */
interface SchemaCache extends AutoCloseable {
  /** Holds nothing. */
  SchemaCache NONE = new NoCache();

  /** The registry's entry of this version as {@link #keep} got it; null when there is none. */
  JsonNode find(String type, int version);

  /** The newest published version of each type when the registry was last heard of. */
  Map<String, Integer> newest();

  /**
   * Whether it answers and could not keep something before, or lost it: then it is to be told all
   * again. True once for each such loss.
   */
  boolean lacksEntries();

  /** Keeps entries of the registry that will never change. */
  void keep(List<JsonNode> entries);

  /** Keeps the newest versions; those of types that are not named stay as they are. */
  void keepNewest(Map<String, Integer> newest);

  Stats stats();

  @Override
  void close();

  /**
   * Counts since the start.
   *
   * @param hits entries found
   * @param refused values that were there and not what they claim to be: each counted as absent
   * @param failures calls without an answer
   */
  record Stats(long hits, long refused, long failures) {}

  /** {@link #NONE}. */
  final class NoCache implements SchemaCache {
    private NoCache() {}

    @Override
    public JsonNode find(String type, int version) {
      return null;
    }

    @Override
    public Map<String, Integer> newest() {
      return Map.of();
    }

    @Override
    public boolean lacksEntries() {
      return false;
    }

    @Override
    public void keep(List<JsonNode> entries) {
      // holds nothing
    }

    @Override
    public void keepNewest(Map<String, Integer> newest) {
      // holds nothing
    }

    @Override
    public Stats stats() {
      return new Stats(0, 0, 0);
    }

    @Override
    public void close() {
      // holds nothing
    }
  }
}
