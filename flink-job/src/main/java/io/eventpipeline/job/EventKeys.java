package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import java.nio.charset.StandardCharsets;

/**
 * What events are keyed by. State on disk depends on these: a changed key is lost state.
 *
 * <p>Parts are joined by a character that no attribute may contain.
 */
final class EventKeys {
  private static final char SEPARATOR = '\u001f';

  private EventKeys() {}

  /** Identity for deduplication: (store, source, id). */
  static String identity(Event event) {
    return event.storeId() + SEPARATOR + event.source() + SEPARATOR + event.id();
  }

  /** Events that stay in order: those of a session, which are also those of a Kafka key. */
  static String group(Event event) {
    return event.storeId() + SEPARATOR + firstPresent(event);
  }

  /** {@link #group(Event)} of the event. */
  static String group(CartEvent in) {
    return group(in.event());
  }

  /** The Kafka key that the edge gives the raw record; null when the store was not understood. */
  static byte[] kafka(Event event) {
    if (event.storeId().isEmpty()) {
      return null;
    }
    return (event.storeId() + '/' + firstPresent(event)).getBytes(StandardCharsets.UTF_8);
  }

  private static String firstPresent(Event event) {
    if (!event.sessionId().isEmpty()) {
      return event.sessionId();
    }
    if (!event.cartId().isEmpty()) {
      return event.cartId();
    }
    return event.userId().isEmpty() ? event.id() : event.userId();
  }
}
