package io.eventpipeline.compatibility;

import java.util.List;

/**
 * The answer for one proposed version.
 *
 * @param mode what was asked
 * @param policy what was asked
 * @param comparisons one for each earlier version that the mode calls for, newest first
 */
public record Report(Mode mode, Policy policy, List<Comparison> comparisons) {
  /**
   * Against one earlier version.
   *
   * @param against its label
   * @param verdict the worst of all findings
   * @param findings why not; empty when compatible, or when those of later versions have used up
   *     {@link Limits#findingsMax}
   * @param forgiven what {@link Policy#LENIENT} lets pass and validators may refuse; bounded too
   * @param steps work done, see {@link Limits#stepsMax}
   */
  public record Comparison(
      String against, Verdict verdict, List<Finding> findings, List<Finding> forgiven, int steps) {}

  /** The worst verdict. */
  public Verdict verdict() {
    return comparisons.stream().map(Comparison::verdict).reduce(Verdict.COMPATIBLE, Verdict::and);
  }

  /** Whether the version may be published: only if all is proven. */
  public boolean compatible() {
    return verdict() == Verdict.COMPATIBLE;
  }
}
