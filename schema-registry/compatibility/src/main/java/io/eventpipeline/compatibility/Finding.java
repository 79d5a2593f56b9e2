package io.eventpipeline.compatibility;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One reason why data cannot be read, or why that is not known.
 *
 * @param difference the rule
 * @param direction which way it breaks
 * @param verdict {@link Verdict#INCOMPATIBLE} or {@link Verdict#UNKNOWN}; {@link
 *     Verdict#COMPATIBLE} for one that the policy forgives
 * @param pointer JSON pointer to the keyword in the new schema, or to the object that lacks it;
 *     prefixed with {@code name#} in a referenced schema
 * @param oldPointer likewise in the old schema
 * @param oldFragment what stands there, empty when the keyword is absent
 * @param newFragment likewise in the new schema
 * @param message one sentence for people
 * @param fix empty where no single change of the new schema helps
 */
public record Finding(
    Difference difference,
    Direction direction,
    Verdict verdict,
    String pointer,
    String oldPointer,
    Optional<JsonNode> oldFragment,
    Optional<JsonNode> newFragment,
    String message,
    Optional<Fix> fix) {

  /** Two that say the same about the same places are one; the fragments stand there. */
  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Finding finding
            && difference == finding.difference
            && direction == finding.direction
            && verdict == finding.verdict
            && pointer.equals(finding.pointer)
            && oldPointer.equals(finding.oldPointer)
            && message.equals(finding.message));
  }

  /** Not of the fragments: they may be as large as the schema. */
  @Override
  public int hashCode() {
    return message.hashCode() * 31 + pointer.hashCode();
  }
}
