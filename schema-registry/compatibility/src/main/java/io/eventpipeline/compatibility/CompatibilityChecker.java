package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.Report.Comparison;
import io.eventpipeline.compatibility.schema.JsonValues;
import io.eventpipeline.compatibility.schema.SchemaNode;
import io.eventpipeline.compatibility.schema.SchemaReader;
import io.eventpipeline.compatibility.schema.UnusableSchemaException;
import io.eventpipeline.compatibility.schema.UnusableSchemaException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Says whether a proposed schema can follow earlier ones, and why not.
 *
 * <p>Guarantee: under {@link Policy#STRICT}, compatible means that no value that is valid for the
 * writer is refused by the reader. What cannot be proven is {@link Verdict#UNKNOWN}. Nothing is
 * fetched; work is bounded by {@link Limits}. Immutable, safe for use by many threads; a check may
 * take a few hundred milliseconds, so it does not belong on an event loop.
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
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = earlier.size() - 1; i >= 0 && mode != Mode.NONE; i--) {
      comparisons.add(compare(proposed, earlier.get(i), mode, policy));
      if (!mode.transitive()) {
        break;
      }
    }
    return new Report(mode, policy, List.copyOf(comparisons));
  }

  private Comparison compare(Version proposed, Version earlier, Mode mode, Policy policy)
      throws UnusableSchemaException {
    Budget budget = new Budget(limits.stepsMax());
    Outcome outcome;
    try {
      SchemaNode now = read(proposed);
      SchemaNode before = read(earlier);
      outcome = Outcome.PROVEN;
      for (Direction direction : mode.directions()) {
        if (!isSameText(proposed, earlier)) {
          outcome = outcome.and(within(before, now, direction, policy, budget));
        }
      }
    } catch (UnusableSchemaException e) {
      if (e.reason() != Reason.TOO_LARGE) {
        throw e;
      }
      outcome = limitReached(mode.directions().iterator().next(), e.getMessage());
    }
    Verdict verdict =
        outcome.refusals().stream().map(Finding::verdict).reduce(Verdict.COMPATIBLE, Verdict::and);
    return new Comparison(
        earlier.label(),
        verdict,
        shortened(outcome.refusals()),
        shortened(outcome.forgiven()),
        budget.used());
  }

  private Outcome within(
      SchemaNode before, SchemaNode now, Direction direction, Policy policy, Budget budget) {
    SchemaNode writer = direction == Direction.BACKWARD ? before : now;
    SchemaNode reader = direction == Direction.BACKWARD ? now : before;
    try {
      Containment containment = new Containment(direction, policy, limits, budget);
      return containment.within(Known.valid(writer), reader);
    } catch (Budget.Exhausted e) {
      return limitReached(direction, "more than " + limits.stepsMax() + " steps");
    }
  }

  private static Outcome limitReached(Direction direction, String limit) {
    return Outcome.of(
        new Finding(
            Difference.UNDECIDED_LIMIT,
            direction,
            Verdict.UNKNOWN,
            "",
            "",
            Optional.empty(),
            Optional.empty(),
            "The schemas are too large to compare: " + limit + ".",
            Optional.empty()));
  }

  private SchemaNode read(Version version) throws UnusableSchemaException {
    return SchemaReader.read(
        version.schema(), version.references(), limits.nodesMax(), limits.nestingMax());
  }

  /** Two equal documents mean the same, whatever is in them. */
  private static boolean isSameText(Version a, Version b) {
    boolean sameNames = a.references().keySet().equals(b.references().keySet());
    return sameNames
        && JsonValues.same(a.schema(), b.schema())
        && a.references().keySet().stream()
            .allMatch(name -> JsonValues.same(a.references().get(name), b.references().get(name)));
  }

  private List<Finding> shortened(List<Finding> findings) {
    return List.copyOf(findings.subList(0, Math.min(findings.size(), limits.findingsMax())));
  }
}
