package io.eventpipeline.compatibility;

/**
 * What one check may cost. Beyond it the answer is {@link Verdict#UNKNOWN}.
 *
 * @param stepsMax most steps of work against all earlier versions together: pairs of schemas looked
 *     at, nodes visited, values tried, characters matched, and each by its size, so that a step
 *     takes some hundred nanoseconds whatever the schemas are
 * @param depthMax deepest chain of pairs, each following from the one before
 * @param nodesMax most JSON values in a schema with all that it refers to
 * @param nestingMax deepest nesting of a schema document
 * @param findingsMax most findings that are reported, the newest version's first, and one for each
 *     version that no steps were left for; likewise what is forgiven
 * @param formatsAsserted whether {@code format} is held against values, as this product's
 *     validators do; else it is an annotation, as the specification says since 2019-09
 */
public record Limits(
    int stepsMax,
    int depthMax,
    int nodesMax,
    int nestingMax,
    int findingsMax,
    boolean formatsAsserted) {
  /**
   * Enough for schemas of 64 KiB, whose enum of 6,000 values against another takes some 100,000
   * steps, and little enough for a worker of the registry: half a second, and some 200 MB that the
   * collector takes back. 64 levels of data times the handful of pairs that one level takes make
   * the depth.
   */
  public static final Limits DEFAULT = new Limits(600_000, 150, 50_000, 100, 50, false);

  public Limits {
    if (stepsMax < 1 || depthMax < 1 || nodesMax < 1 || nestingMax < 1 || findingsMax < 1) {
      throw new IllegalArgumentException("limits must be > 0");
    }
    if (depthMax > 500 || nestingMax > 500) {
      throw new IllegalArgumentException("more than 500 levels can exhaust a thread's stack");
    }
  }
}
