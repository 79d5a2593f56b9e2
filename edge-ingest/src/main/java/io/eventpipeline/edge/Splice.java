package io.eventpipeline.edge;

import com.github.f4b6a3.uuid.UuidCreator;
import io.eventpipeline.edge.event.ParsedEvent;
import io.eventpipeline.edge.event.ParsedEvent.Addable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;

/**
 * Makes the record of an event: what the edge adds stands right after the opening brace, every byte
 * of the producer's follows untouched.
 *
 * <p>Not thread-safe: one for each event loop.
 */
final class Splice {
  private static final String SPECVERSION = "\"specversion\":\"1.0\",";

  private final StringBuilder added = new StringBuilder(256);
  private long timeMillis = Long.MIN_VALUE;
  private String time;

  /**
   * @param event accepted; its {@code storeid}, if it has one, is the key's
   * @param key whose source and store fill in
   * @param receivedAtMillis milliseconds since the epoch
   */
  OutgoingEvent record(ParsedEvent event, WriteKey key, long receivedAtMillis) {
    Set<Addable> absent = event.absent();
    String id = event.id() != null ? event.id() : UuidCreator.getTimeOrderedEpochPlus1().toString();
    added.setLength(0);
    if (absent.contains(Addable.SPECVERSION)) {
      added.append(SPECVERSION);
    }
    if (absent.contains(Addable.ID)) {
      member("id", id);
    }
    if (absent.contains(Addable.SOURCE)) {
      member("source", key.source());
    }
    if (absent.contains(Addable.STOREID)) {
      member("storeid", key.storeId());
    }
    if (absent.contains(Addable.TIME)) {
      member("time", rfc3339(receivedAtMillis));
    }
    String group = event.group() != null ? event.group() : id;
    byte[] recordKey = (key.storeId() + '/' + group).getBytes(StandardCharsets.UTF_8);
    return new OutgoingEvent(id, recordKey, value(event), receivedAtMillis);
  }

  private byte[] value(ParsedEvent event) {
    byte[] front = added.toString().getBytes(StandardCharsets.UTF_8);
    int length = event.to() - event.from();
    byte[] value = new byte[front.length + length];
    value[0] = '{';
    System.arraycopy(front, 0, value, 1, front.length);
    System.arraycopy(event.bytes(), event.from() + 1, value, 1 + front.length, length - 1);
    return value;
  }

  private void member(String name, String text) {
    JsonText.quoted(added, name).append(':');
    JsonText.quoted(added, text).append(',');
  }

  private String rfc3339(long millis) {
    if (millis != timeMillis) {
      timeMillis = millis;
      time = Instant.ofEpochMilli(millis).toString();
    }
    return time;
  }
}
