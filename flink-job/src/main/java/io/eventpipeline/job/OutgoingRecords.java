package io.eventpipeline.job;

import io.eventpipeline.contract.DeadLetter;
import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.contract.Topics;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** What each kind of event looks like in Kafka. */
final class OutgoingRecords {
  private static final long MICROS_IN_MILLI = 1_000;

  private OutgoingRecords() {}

  /** Value as it came in; header {@code schema_version}, the one that the value keeps to. */
  static OutgoingRecord validated(CartEvent valid) {
    Event event = valid.event();
    int version = valid.upcast().changed() ? valid.upcast().named() : event.schemaVersion();
    return new OutgoingRecord(
        Topics.VALIDATED,
        EventKeys.kafka(event),
        event.payload(),
        Map.of("schema_version", Integer.toString(version)),
        event.receivedAtMicros() / MICROS_IN_MILLI,
        event.partition(),
        event.offset());
  }

  /** Value as {@link EnrichedJson} describes it; no headers. */
  static OutgoingRecord enriched(String topic, Event event, byte[] value) {
    return new OutgoingRecord(
        topic,
        EventKeys.kafka(event),
        value,
        Map.of(),
        event.receivedAtMicros() / MICROS_IN_MILLI,
        event.partition(),
        event.offset());
  }

  /**
   * Value: the payload untouched. The headers {@code dlq_*} say why it was refused and where it
   * came from. A payload that is too large together with its headers is cut, and {@code
   * dlq_payload_bytes} then holds its full length; {@code events_errors} has all of it.
   */
  static OutgoingRecord deadLetter(DeadLetter letter, int recordBytesMax) {
    Event event = letter.event();
    FailureReason reason = letter.reason();
    Map<String, String> headers = new HashMap<>();
    headers.put("dlq_reason", reason.code());
    headers.put("dlq_stage", reason.stage().code());
    headers.put("dlq_detail", letter.detail());
    headers.put("dlq_topic", letter.topic());
    headers.put("dlq_partition", Integer.toString(event.partition()));
    headers.put("dlq_offset", Long.toString(event.offset()));
    headers.put("dlq_failed_at", EnrichedJson.time(letter.failedAtMicros()));
    headers.put("dlq_job_version", letter.jobVersion());
    headers.put("dlq_event_id", event.id());
    headers.put("dlq_source", event.source());
    headers.put("dlq_type", event.type());
    headers.put("dlq_store_id", event.storeId());
    OutgoingRecord whole = deadLetter(event, event.payload(), headers);
    int excess = whole.sizeBytes() - recordBytesMax;
    if (excess <= 0) {
      return whole;
    }
    headers.put("dlq_payload_bytes", Integer.toString(event.payload().length));
    OutgoingRecord marked = deadLetter(event, event.payload(), headers);
    int kept = event.payload().length - (marked.sizeBytes() - recordBytesMax);
    return deadLetter(event, Arrays.copyOf(event.payload(), Math.max(0, kept)), headers);
  }

  private static OutgoingRecord deadLetter(Event event, byte[] value, Map<String, String> headers) {
    return new OutgoingRecord(
        Topics.DEAD_LETTERS,
        EventKeys.kafka(event),
        value,
        headers,
        event.receivedAtMicros() / MICROS_IN_MILLI,
        event.partition(),
        event.offset());
  }
}
