package io.eventpipeline.job;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * A keyed value in front of its state: what is read or written is held in memory until the next
 * checkpoint, so that a key with many events a second is read and written once for all of them.
 *
 * <p>State is what a checkpoint has, and {@link #store} is called before each, so nothing is held
 * that a restart would need. The time to live of a value runs from that call, up to a checkpoint
 * interval later than from the event. Memory is bounded by {@link #storeWhenFull}, which the
 * operator calls after each event. Used by the task's thread.
 */
final class Held<V> {
  /** Sessions of 1 KB: 8 MB a subtask. */
  private static final int KEYS_MAX = 8_192;

  private final ValueState<V> state;
  private final Map<String, Entry<V>> entries = new HashMap<>();

  private static final class Entry<V> {
    private V value;
    private boolean changed;

    Entry(V value) {
      this.value = value;
    }
  }

  /** A function whose operator stores what it holds. */
  interface Holding {
    /** Not null once the function is open. */
    Held<?> held();
  }

  Held(ValueState<V> state) {
    this.state = state;
  }

  /**
   * The value of the current key; null when it has none.
   *
   * @param key the current key
   */
  V value(String key) throws IOException {
    return entry(key).value;
  }

  /**
   * Changes the value of the current key.
   *
   * @param key the current key
   * @param value not null
   */
  void update(String key, V value) throws IOException {
    Entry<V> entry = entry(key);
    entry.value = value;
    entry.changed = true;
  }

  private Entry<V> entry(String key) throws IOException {
    Entry<V> entry = entries.get(key);
    if (entry == null) {
      entry = new Entry<>(state.value());
      entries.put(key, entry);
    }
    return entry;
  }

  /** {@link #store}, once so many keys are held that no more may be. */
  void storeWhenFull(KeyContext context) throws IOException {
    if (entries.size() >= KEYS_MAX) {
      store(context);
    }
  }

  /** Writes what has changed to state and forgets everything; leaves another key current. */
  void store(KeyContext context) throws IOException {
    for (Map.Entry<String, Entry<V>> held : entries.entrySet()) {
      if (held.getValue().changed) {
        context.setCurrentKey(held.getKey());
        state.update(held.getValue().value);
      }
    }
    entries.clear();
  }
}
