package io.eventpipeline.compatibility;

import io.eventpipeline.compatibility.Report.Comparison;
import io.eventpipeline.compatibility.schema.JsonValues;
import io.eventpipeline.compatibility.schema.SchemaNode;
import io.eventpipeline.compatibility.schema.SchemaReader;
import io.eventpipeline.compatibility.schema.UnusableSchemaException;
import io.eventpipeline.compatibility.schema.UnusableSchemaException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * One proposal on its way through the earlier versions, which are handed in one by one, so that no
 * two of them need be in memory together. All share the steps of {@link Limits}: once those are
 * used up, every further version is answered with {@link Difference#UNDECIDED_LIMIT} at once. For
 * one thread.
 */
public final class Check {
  /** Out of a database, and no further. */
  private static final int CHARACTERS_READ_A_STEP = 64;

  private final Version proposed;
  private final Mode mode;
  private final Policy policy;
  private final Limits limits;
  private final Budget budget;
  private final List<Comparison> comparisons = new ArrayList<>();
  private int refusalsLeft;
  private int forgivenLeft;
  private SchemaNode now;
  private String nowText;

  Check(Version proposed, Mode mode, Policy policy, Limits limits) {
    this.proposed = proposed;
    this.mode = mode;
    this.policy = policy;
    this.limits = limits;
    this.budget = new Budget(limits.stepsMax());
    this.refusalsLeft = limits.findingsMax();
    this.forgivenLeft = limits.findingsMax();
  }

  /** Whether another version would change the answer: the mode may ask for none, or for one. */
  public boolean wantsMore() {
    return mode != Mode.NONE && (mode.transitive() || comparisons.isEmpty());
  }

  /** Whether the steps are used up: nobody looks at the schema of another version. */
  public boolean isSpent() {
    return budget.isSpent();
  }

  /**
   * Compares with the next version; the newest comes first.
   *
   * @throws UnusableSchemaException when one of the two cannot be read
   */
  public void against(Version earlier) throws UnusableSchemaException {
    if (budget.isSpent()) {
      againstUnread(earlier.label());
      return;
    }
    int before = budget.used();
    add(earlier.label(), compare(earlier), budget.used() - before);
  }

  /**
   * Counts a version that was read and is none to compare with: there may be thousands.
   *
   * @param characters of what was read
   */
  public void passedOver(int characters) {
    budget.note(1 + characters / CHARACTERS_READ_A_STEP);
  }

  /** Takes note of a version that nobody can compare with any more, as the steps are used up. */
  public void againstUnread(String label) {
    List<Finding> why = limitReached(firstDirection(), outOfSteps()).refusals();
    comparisons.add(new Comparison(label, Verdict.UNKNOWN, why, List.of(), 0));
  }

  /** What came of it so far. */
  public Report report() {
    return new Report(mode, policy, List.copyOf(comparisons));
  }

  private Outcome compare(Version earlier) throws UnusableSchemaException {
    try {
      if (now == null) {
        now = read(proposed);
        nowText = text(proposed);
      }
      SchemaNode before = read(earlier);
      boolean same = text(earlier).equals(nowText);
      Outcome outcome = Outcome.PROVEN;
      for (Direction direction : mode.directions()) {
        outcome = same ? outcome : outcome.and(within(before, direction));
      }
      return outcome;
    } catch (Budget.Exhausted e) {
      return limitReached(firstDirection(), outOfSteps());
    } catch (UnusableSchemaException e) {
      if (e.reason() != Reason.TOO_LARGE) {
        throw e;
      }
      return limitReached(firstDirection(), e.getMessage());
    }
  }

  private Outcome within(SchemaNode before, Direction direction) {
    SchemaNode writer = direction == Direction.BACKWARD ? before : now;
    SchemaNode reader = direction == Direction.BACKWARD ? now : before;
    try {
      Containment containment = new Containment(direction, policy, limits, budget);
      return containment.within(Known.valid(writer), reader);
    } catch (Budget.Exhausted e) {
      return limitReached(direction, outOfSteps());
    }
  }

  private void add(String label, Outcome outcome, int steps) {
    Verdict verdict =
        outcome.refusals().stream().map(Finding::verdict).reduce(Verdict.COMPATIBLE, Verdict::and);
    List<Finding> refusals = first(outcome.refusals(), refusalsLeft);
    List<Finding> forgiven = first(outcome.forgiven(), forgivenLeft);
    refusalsLeft -= refusals.size();
    forgivenLeft -= forgiven.size();
    comparisons.add(new Comparison(label, verdict, refusals, forgiven, steps));
  }

  private static List<Finding> first(List<Finding> findings, int max) {
    return List.copyOf(findings.subList(0, Math.min(findings.size(), max)));
  }

  private Direction firstDirection() {
    return mode.directions().iterator().next();
  }

  private String outOfSteps() {
    return "more than " + limits.stepsMax() + " steps";
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

  /** Two equal documents mean the same, whatever is in them. What was read is counted here, too. */
  private String text(Version version) {
    StringBuilder text = new StringBuilder(JsonValues.text(version.schema()));
    long values = JsonValues.count(version.schema());
    for (Map.Entry<String, JsonNode> reference : new TreeMap<>(version.references()).entrySet()) {
      text.append('\n').append(StringNode.valueOf(reference.getKey())).append(' ');
      text.append(JsonValues.text(reference.getValue()));
      values += JsonValues.count(reference.getValue());
    }
    budget.steps(values + text.length() / Budget.CHARACTERS_A_STEP);
    return text.toString();
  }
}
