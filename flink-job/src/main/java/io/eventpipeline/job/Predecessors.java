package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells each event which one of its group was read before it, as long as that may still be on its
 * way through the job.
 *
 * <p>What was read before a checkpoint that is complete has passed {@link OrderFunction}: the
 * checkpoint holds no event between here and there. No length of time would show that, since a sink
 * that is away holds events up for as long as it is.
 *
 * <p>Bounded: of the groups read last, {@code groupsMax} are known. One that is forgotten lies so
 * far back that its events have long passed; were that ever wrong, only an order would suffer. Used
 * by one thread.
 */
final class Predecessors {
  private final Map<String, Read> last;
  private long newest; // checkpoint that was begun
  private long complete;

  /**
   * @param begun newest checkpoint when it was read
   */
  private record Read(int partition, long offset, long begun) {}

  /**
   * A memory that is empty: after a restore too, for the same reason.
   *
   * @param groupsMax groups known at once
   */
  Predecessors(int groupsMax) {
    last =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Read> eldest) {
            return size() > groupsMax;
          }
        };
  }

  /** A checkpoint begins: all that was linked is before its barrier. */
  void begin(long checkpoint) {
    newest = checkpoint;
  }

  /** A checkpoint has gone through the whole job. */
  void complete(long checkpoint) {
    complete = Math.max(complete, checkpoint);
  }

  /** {@code event}, just read, with the one that it follows. */
  Event link(Event event) {
    String group = EventKeys.group(event);
    Read before = last.remove(group); // so that the newest is the last to be forgotten
    last.put(group, new Read(event.partition(), event.offset(), newest));
    return before != null
            && before.partition == event.partition()
            && before.offset < event.offset()
            && before.begun >= complete
        ? event.following(before.offset)
        : event;
  }
}
