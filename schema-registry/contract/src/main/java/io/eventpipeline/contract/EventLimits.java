package io.eventpipeline.contract;

import java.time.Duration;

/** Limits that edge and job both hold, so that neither accepts what the other refuses. */
public final class EventLimits {
  /** Deepest nesting of objects and arrays in one event. Snowplow's cap, far above real carts. */
  public static final int DEPTH_MAX = 40;

  /** Longest attribute (id, source, type, ...), characters. */
  public static final int ATTRIBUTE_CHARS_MAX = 512;

  /** Largest event, bytes: Kafka's default record limit of 1 MiB less room for headers. */
  public static final int EVENT_BYTES_MAX = 1_000_000;

  /** Most events in one batch request or WebSocket frame. */
  public static final int BATCH_EVENTS_MAX = 1_000;

  /** Longest explanation kept with a dead letter, characters. */
  public static final int DETAIL_CHARS_MAX = 1_000;

  /** How far ahead of the time of receipt an event's own time may be before it is clamped. */
  public static final Duration FUTURE_MAX = Duration.ofMinutes(5);

  /** How far behind the time of receipt an event's own time may be before it is clamped. */
  public static final Duration PAST_MAX = Duration.ofDays(18 * 31L);

  private EventLimits() {}
}
