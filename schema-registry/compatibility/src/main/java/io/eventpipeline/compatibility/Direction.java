package io.eventpipeline.compatibility;

/** Who writes and who reads. */
public enum Direction {
  /** Data of the old schema, read with the new one: every old value must be valid under new. */
  BACKWARD,
  /** Data of the new schema, read with the old one: every new value must be valid under old. */
  FORWARD;

  /** The other one. */
  public Direction opposite() {
    return this == BACKWARD ? FORWARD : BACKWARD;
  }
}
