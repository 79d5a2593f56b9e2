package io.eventpipeline.schema;

import io.eventpipeline.contract.FailureReason;

/**
 * What came of looking for a schema.
 *
 * @param outcome never null
 * @param reading what to do with the data when {@code outcome} is {@link Outcome#FOUND}, else null
 * @param detail for people, why there is none; {@code ""} when found
 */
public record Lookup(Outcome outcome, Reading reading, String detail) {

  /** Found, surely not there, or unknowable at the moment. */
  public enum Outcome {
    FOUND,
    /** The registry answered that it has no such event type. */
    UNKNOWN_TYPE,
    /** The registry answered that it has the type, and not this version. */
    UNKNOWN_VERSION,
    /** Not in memory, and the registry gave no usable answer: try the same event again later. */
    UNAVAILABLE
  }

  static Lookup found(Reading reading) {
    return new Lookup(Outcome.FOUND, reading, "");
  }

  static Lookup unknownType(String type) {
    return new Lookup(Outcome.UNKNOWN_TYPE, null, "no schema of type " + type + " is registered");
  }

  static Lookup unknownVersion(String type, int version) {
    return new Lookup(Outcome.UNKNOWN_VERSION, null, "type " + type + " has no version " + version);
  }

  static Lookup unavailable(String why) {
    return new Lookup(Outcome.UNAVAILABLE, null, why);
  }

  /** Whether {@link #reading} is there. */
  public boolean found() {
    return outcome == Outcome.FOUND;
  }

  /** The schema that events are held against; null when there is none. */
  public CompiledSchema schema() {
    return reading == null ? null : reading.schema();
  }

  /**
   * The reason under which an event without a schema is refused.
   *
   * @throws IllegalStateException when the schema was found
   */
  public FailureReason failureReason() {
    return switch (outcome) {
      case FOUND -> throw new IllegalStateException("found " + reading);
      case UNKNOWN_TYPE -> FailureReason.UNKNOWN_TYPE;
      case UNKNOWN_VERSION -> FailureReason.UNKNOWN_VERSION;
      case UNAVAILABLE -> FailureReason.SCHEMA_UNAVAILABLE;
    };
  }
}
