package io.eventpipeline.edge.event;

import io.eventpipeline.contract.FailureReason;
import java.util.List;

/**
 * The events of one body or frame, in order, or why it is refused as a whole.
 *
 * @param events one for each element or line, accepted or refused; empty when refused as a whole
 * @param refusal why none of it is taken; null when its events were told apart
 * @param detail what is wrong and at which byte; null when nothing is
 */
public record ParsedBatch(List<ParsedEvent> events, FailureReason refusal, String detail) {
  static ParsedBatch refused(FailureReason reason, String detail) {
    return new ParsedBatch(List.of(), reason, detail);
  }

  /** The events; when refused as a whole, one event that is refused for that. */
  public List<ParsedEvent> eventsOrRefusal() {
    return refusal == null ? events : List.of(ParsedEvent.refused(refusal, detail));
  }

  static ParsedBatch of(List<ParsedEvent> events) {
    return new ParsedBatch(events, null, null);
  }
}
