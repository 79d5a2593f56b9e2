package io.eventpipeline.contract;

/**
 * A refused event with all that is needed to explain and to replay it.
 *
 * <p>Flat, so that Flink stores it as a POJO and ClickHouse as a row. The payload is untouched.
 * Attributes that could not be read are {@code ""}.
 *
 * @param reason why, and so at which stage
 * @param detail for people: what is wrong and where; at most {@link EventLimits#DETAIL_CHARS_MAX}
 * @param event the event as far as it was understood; its payload, partition and offset are exact
 * @param topic topic that {@code partition} and {@code offset} of the event belong to
 * @param failedAtMicros when it was refused, microseconds since the epoch
 * @param jobVersion version of the program that refused it
 */
public record DeadLetter(
    FailureReason reason,
    String detail,
    Event event,
    String topic,
    long failedAtMicros,
    String jobVersion) {

  /** Cuts the detail to its bound. */
  public DeadLetter {
    if (detail.length() > EventLimits.DETAIL_CHARS_MAX) {
      detail = detail.substring(0, EventLimits.DETAIL_CHARS_MAX - 1) + "…";
    }
  }
}
