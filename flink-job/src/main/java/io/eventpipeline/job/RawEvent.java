package io.eventpipeline.job;

/**
 * A record of the raw topic as Kafka handed it over: nothing about it is believed yet.
 *
 * @param value the bytes; null for a record without a value
 * @param topic where it was read
 * @param partition partition of that topic
 * @param offset offset in that partition
 * @param timestampMillis the record's Kafka timestamp, milliseconds since the epoch; anything a
 *     producer may have written there
 */
public record RawEvent(
    byte[] value, String topic, int partition, long offset, long timestampMillis) {}
