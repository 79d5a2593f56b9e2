package io.eventpipeline.edge;

/**
 * One event as it goes to the raw topic.
 *
 * @param id its CloudEvents id
 * @param key Kafka key, UTF-8: store and group, so that one session stays in order
 * @param value one CloudEvents JSON object
 * @param receivedAtMillis time of receipt, the record's timestamp, milliseconds since the epoch
 */
record OutgoingEvent(String id, byte[] key, byte[] value, long receivedAtMillis) {
  int bytes() {
    return key.length + value.length;
  }
}
