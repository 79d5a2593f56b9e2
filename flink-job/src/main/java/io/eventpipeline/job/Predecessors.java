package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells each event which one of its group was read before it, as long as that may still be on its
 * way through the job.
 *
 * <p>Bounded: of the groups read last, {@code groupsMax} are known. One that is forgotten lies so
 * far back that its events have long passed; were that ever wrong, only an order would suffer. Used
 * by one thread.
 */
final class Predecessors {
  private final long recentMillis;
  private final Map<String, Read> last;

  private record Read(int partition, long offset, long atMillis) {}

  /**
   * A memory that is empty: after a restore too, since a checkpoint holds no event between the
   * source and {@link OrderFunction}.
   *
   * @param groupsMax groups known at once
   * @param recent how long after it was read an event counts as on its way
   */
  Predecessors(int groupsMax, Duration recent) {
    recentMillis = recent.toMillis();
    last =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Read> eldest) {
            return size() > groupsMax;
          }
        };
  }

  /** {@code event}, read at {@code nowMillis}, with the one that it follows. */
  Event link(Event event, long nowMillis) {
    String group = EventKeys.group(event);
    Read before = last.remove(group); // so that the newest is the last to be forgotten
    last.put(group, new Read(event.partition(), event.offset(), nowMillis));
    return before != null
            && before.partition == event.partition()
            && before.offset < event.offset()
            && nowMillis - before.atMillis < recentMillis
        ? event.following(before.offset)
        : event;
  }
}
