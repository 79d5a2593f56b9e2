package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;

/**
 * Events that {@link ValidateOperator} holds, as keyed state, in one line for each group; who is in
 * which line is also in memory (100 bytes each), so that an event of a group without a line costs
 * no look at state.
 *
 * <p>The key in the map is the place in the line: the microsecond at which the event joined it, or
 * one more than the place before. Used by the task's thread, but for {@link #size}.
 */
final class HeldEvents {
  private static final long MICROS = 1_000;

  private final MapState<Long, Event> state; // of the current group, by place
  private final Map<String, Deque<Place>> lines = new LinkedHashMap<>();
  private volatile int size;

  /**
   * Where an event stands in its line, and what it waits for.
   *
   * @param number rises along the line
   * @param type event type
   * @param version that it names
   */
  record Place(long number, String type, int version) {
    long sinceMillis() {
      return number / MICROS;
    }
  }

  HeldEvents(MapState<Long, Event> state) {
    this.state = state;
  }

  /**
   * Finds the lines of all groups in the state; leaves another key current.
   *
   * @param name of the state
   */
  void restore(String name, KeyedStateBackend<String> backend) throws Exception {
    List<String> groups;
    try (Stream<String> keys = backend.getKeys(name, VoidNamespace.INSTANCE)) {
      groups = keys.distinct().toList();
    }
    for (String group : groups) {
      backend.setCurrentKey(group);
      TreeMap<Long, Place> places = new TreeMap<>();
      for (Map.Entry<Long, Event> held : state.entries()) {
        places.put(held.getKey(), place(held.getKey(), held.getValue()));
      }
      if (!places.isEmpty()) {
        lines.put(group, new ArrayDeque<>(places.values()));
        grow(places.size());
      }
    }
  }

  /** How many are held; for metrics in another thread too. */
  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Whether the group has a line. */
  boolean has(String group) {
    return size > 0 && lines.containsKey(group);
  }

  /** The groups that have a line, as of now. */
  List<String> groups() {
    return new ArrayList<>(lines.keySet());
  }

  /** The head of the group's line; null when it has none. */
  Place first(String group) {
    Deque<Place> line = lines.get(group);
    return line == null ? null : line.element();
  }

  /**
   * Puts the event at the end of its group's line.
   *
   * @param group the current key
   * @param nowMillis processing time
   */
  void add(String group, Event event, long nowMillis) throws Exception {
    Deque<Place> line = lines.computeIfAbsent(group, ignored -> new ArrayDeque<>());
    long number = nowMillis * MICROS;
    if (!line.isEmpty()) {
      number = Math.max(number, line.getLast().number() + 1); // clocks may go backwards
    }
    line.add(place(number, event));
    state.put(number, event);
    grow(1);
  }

  /**
   * Takes the head out of the line.
   *
   * @param group the current key, which has a line
   */
  Event removeFirst(String group) throws Exception {
    Deque<Place> line = lines.get(group);
    long number = line.remove().number();
    if (line.isEmpty()) {
      lines.remove(group);
    }
    Event event = state.get(number);
    state.remove(number);
    grow(-1);
    return event;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
  private void grow(int by) {
    size += by;
  }

  private static Place place(long number, Event event) {
    return new Place(number, event.type(), event.schemaVersion());
  }
}
