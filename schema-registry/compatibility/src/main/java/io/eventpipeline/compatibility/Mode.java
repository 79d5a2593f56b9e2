package io.eventpipeline.compatibility;

import java.util.EnumSet;
import java.util.Set;

/** Which earlier versions a new one is held against, and which way. Names as Confluent's. */
public enum Mode {
  NONE,
  /** New readers read the data of the newest earlier version. */
  BACKWARD,
  BACKWARD_TRANSITIVE,
  /** Readers of the newest earlier version read new data. */
  FORWARD,
  FORWARD_TRANSITIVE,
  FULL,
  FULL_TRANSITIVE;

  /** Empty for {@link #NONE}. */
  public Set<Direction> directions() {
    return switch (this) {
      case NONE -> EnumSet.noneOf(Direction.class);
      case BACKWARD, BACKWARD_TRANSITIVE -> EnumSet.of(Direction.BACKWARD);
      case FORWARD, FORWARD_TRANSITIVE -> EnumSet.of(Direction.FORWARD);
      case FULL, FULL_TRANSITIVE -> EnumSet.allOf(Direction.class);
    };
  }

  /** Against all earlier versions, not only the newest. */
  public boolean transitive() {
    return switch (this) {
      case BACKWARD_TRANSITIVE, FORWARD_TRANSITIVE, FULL_TRANSITIVE -> true;
      case NONE, BACKWARD, FORWARD, FULL -> false;
    };
  }
}
