package io.eventpipeline.compatibility;

/** What is known of a change. */
public enum Verdict {
  /** Proven: nothing valid is refused. */
  COMPATIBLE,
  /** Something valid is refused. */
  INCOMPATIBLE,
  /** Neither could be shown within the limits. Counts as incompatible. */
  UNKNOWN;

  /** The worse of the two; {@link #INCOMPATIBLE} is worse than {@link #UNKNOWN}. */
  Verdict and(Verdict other) {
    if (this == INCOMPATIBLE || other == INCOMPATIBLE) {
      return INCOMPATIBLE;
    }
    return this == UNKNOWN ? this : other;
  }
}
