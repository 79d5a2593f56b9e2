package io.eventpipeline.compatibility;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What came of trying to prove that a reader accepts all that a writer may write.
 *
 * @param refusals why it is not proven; empty when it is
 * @param forgiven what only the policy lets pass
 */
record Outcome(List<Finding> refusals, List<Finding> forgiven) {
  static final Outcome PROVEN = new Outcome(List.of(), List.of());

  /** More are not kept while reasoning; the report has its own, smaller limit. */
  private static final int KEPT_MAX = 200;

  static Outcome of(Finding finding) {
    return finding.verdict() == Verdict.COMPATIBLE
        ? new Outcome(List.of(), List.of(finding))
        : new Outcome(List.of(finding), List.of());
  }

  boolean proven() {
    return refusals.isEmpty();
  }

  /** Proven without any help of the policy: the only kind that a refutation may build on. */
  boolean strictly() {
    return refusals.isEmpty() && forgiven.isEmpty();
  }

  /** Not proven, and nothing speaks against it either. */
  boolean undecided() {
    return !proven() && refusals.stream().allMatch(f -> f.verdict() == Verdict.UNKNOWN);
  }

  /** How much there is to join to another one. */
  int size() {
    return refusals.size() + forgiven.size();
  }

  /** Both must hold. */
  Outcome and(Outcome other) {
    if (strictly()) {
      return other;
    }
    if (other.strictly()) {
      return this;
    }
    return new Outcome(joined(refusals, other.refusals), joined(forgiven, other.forgiven));
  }

  private static List<Finding> joined(List<Finding> a, List<Finding> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isEmpty() ? b : a;
    }
    if (a.size() == KEPT_MAX) {
      return a;
    }
    Set<Finding> all = new LinkedHashSet<>(a);
    all.addAll(b);
    List<Finding> list = new ArrayList<>(all);
    return List.copyOf(list.size() > KEPT_MAX ? list.subList(0, KEPT_MAX) : list);
  }
}
