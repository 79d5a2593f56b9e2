package io.eventpipeline.compatibility;

/** How much is promised. */
public enum Policy {
  /** No valid value is ever refused: what validators do, nothing less. */
  STRICT,
  /**
   * As if writers sent declared properties only, and readers ignored what they do not declare and
   * filled in defaults. Convenient, and no promise: {@link Difference#verdict} says what it lets
   * through.
   */
  LENIENT
}
