package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.schema.UnusableSchemaException;
import java.util.List;
import java.util.Objects;

/**
 * Says whether a proposed schema can follow earlier ones, and why not.
 *
 * <p>Guarantee: under {@link Policy#STRICT}, compatible means that no value that is valid for the
 * writer is refused by the reader. What cannot be proven is {@link Verdict#UNKNOWN}. Nothing is
 * fetched; work is bounded by {@link Limits}, however many versions there are. Immutable, safe for
 * use by many threads; a check may take a few hundred milliseconds, so it does not belong on an
 * event loop.
 */
public final class CompatibilityChecker {
  private final Limits limits;

  public CompatibilityChecker(Limits limits) {
    this.limits = Objects.requireNonNull(limits);
  }

  /**
   * Checks one proposal.
   *
   * @param proposed what is to be published
   * @param earlier published versions, oldest first
   * @throws UnusableSchemaException when one of the schemas cannot be read: it is malformed, names
   *     an unknown draft, or refers to what was not given
   */
  public Report check(Version proposed, List<Version> earlier, Mode mode, Policy policy)
      throws UnusableSchemaException {
    Check check = start(proposed, mode, policy);
    for (int i = earlier.size() - 1; i >= 0 && check.wantsMore(); i--) {
      check.against(earlier.get(i));
    }
    return check.report();
  }

  /** Begins a check whose earlier versions are not all in memory. */
  public Check start(Version proposed, Mode mode, Policy policy) {
    return new Check(proposed, mode, policy, limits);
  }
}
