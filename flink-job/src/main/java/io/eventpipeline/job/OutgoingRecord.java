package io.eventpipeline.job;

import java.util.Map;

/**
 * A Kafka record that is ready to be sent.
 *
 * @param topic where to
 * @param key null for none
 * @param value the bytes
 * @param headers UTF-8 texts by name
 * @param timestampMillis the record's timestamp: when the edge received the event
 * @param sourcePartition partition of the raw topic that the event was read from; below 0 when it
 *     is not known
 * @param sourceOffset its offset there
 */
public record OutgoingRecord(
    String topic,
    byte[] key,
    byte[] value,
    Map<String, String> headers,
    long timestampMillis,
    int sourcePartition,
    long sourceOffset) {
  private static final int OVERHEAD_BYTES = 128;

  /** About what Kafka counts against its limit, never less. */
  int sizeBytes() {
    int size = OVERHEAD_BYTES + value.length + (key == null ? 0 : key.length);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      // at most three bytes of UTF-8 a character, and the two lengths
      size += 3 * (header.getKey().length() + header.getValue().length()) + 10;
    }
    return size;
  }
}
