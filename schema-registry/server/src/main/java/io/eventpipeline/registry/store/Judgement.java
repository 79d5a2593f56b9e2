package io.eventpipeline.registry.store;

import io.eventpipeline.compatibility.Report.Comparison;
import java.util.List;

/**
 * What came of holding a proposal against earlier versions.
 *
 * @param asked what a new version must keep
 * @param comparisons one for each version that this calls for, newest first, labelled with its
 *     number; empty when the schemas cannot be compared at all
 * @param objections one sentence for each reason why not, bounded; empty when compatible
 */
public record Judgement(Compatibility asked, List<Comparison> comparisons, List<String> objections)
    implements Explanation {
  public Judgement {
    comparisons = List.copyOf(comparisons);
    objections = List.copyOf(objections);
  }

  /** Whether the proposal may be published. */
  public boolean compatible() {
    return objections.isEmpty();
  }
}
