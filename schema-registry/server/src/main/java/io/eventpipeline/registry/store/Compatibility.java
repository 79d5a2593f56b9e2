package io.eventpipeline.registry.store;

/**
 * What a new version of a subject must keep.
 *
 * @param level whose data must stay readable
 * @param policy how much is promised
 * @param normalize whether schemas are stored in their canonical spelling
 * @param group name of the metadata property that parts the versions of a subject into groups which
 *     need not be compatible with each other; {@code ""} for one group
 * @param acceptMigrations whether a checked migration stands in for backward compatibility with the
 *     versions whose data it leads on from
 */
public record Compatibility(
    Level level, Policy policy, boolean normalize, String group, boolean acceptMigrations) {
  /** The registry's own as long as nobody set another. */
  public static final Compatibility INITIAL =
      new Compatibility(Level.BACKWARD, Policy.STRICT, false, "", false);

  /** The same at another level. */
  Compatibility at(Level other) {
    return new Compatibility(other, policy, normalize, group, acceptMigrations);
  }

  /** Named as in the protocol. */
  public enum Level {
    NONE,
    BACKWARD,
    BACKWARD_TRANSITIVE,
    FORWARD,
    FORWARD_TRANSITIVE,
    FULL,
    FULL_TRANSITIVE
  }

  /** Named as in the protocol. */
  public enum Policy {
    STRICT,
    LENIENT
  }
}
