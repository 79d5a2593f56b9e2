package io.eventpipeline.edge;

import io.eventpipeline.contract.EventLimits;
import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.edge.event.ParsedEvent;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Takes parsed events to the publisher and counts what becomes of them. Knows neither HTTP nor
 * WebSocket. One for each event loop, used on it only.
 */
final class Submitter {
  private final EventPublisher publisher;
  private final SchemaGate gate;
  private final EdgeStats stats;
  private final Clock clock;
  private final Executor lane;
  private final int eventBytesMax;
  private final Splice splice = new Splice();

  /**
   * @param lane where submissions complete: the event loop
   * @param eventBytesMax largest event as it was sent, whichever way it came; with what is added to
   *     it, it has at most {@link EventLimits#EVENT_BYTES_MAX} all the same
   */
  Submitter(
      EventPublisher publisher,
      SchemaGate gate,
      EdgeStats stats,
      Clock clock,
      Executor lane,
      int eventBytesMax) {
    this.publisher = publisher;
    this.gate = gate;
    this.stats = stats;
    this.clock = clock;
    this.lane = lane;
    this.eventBytesMax = eventBytesMax;
  }

  /**
   * Sends the accepted ones on and settles the others.
   *
   * @param done called on the event loop when every event is settled
   */
  void submit(List<ParsedEvent> events, WriteKey key, Consumer<Submission> done) {
    long now = clock.millis();
    long started = System.nanoTime();
    Submission submission =
        new Submission(
            events.size(),
            lane,
            settled -> {
              count(settled, started);
              done.accept(settled);
            });
    for (int i = 0; i < events.size(); i++) {
      submitOne(events.get(i), i, key, now, submission);
    }
    submission.sealed();
  }

  private void submitOne(
      ParsedEvent event, int index, WriteKey key, long now, Submission submission) {
    submission.named(index, event.id());
    if (!event.isAccepted()) {
      submission.refused(index, event.refusal(), event.detail());
      return;
    }
    if (event.to() - event.from() > eventBytesMax) {
      submission.refused(
          index, FailureReason.BODY_TOO_LARGE, "an event has at most " + eventBytesMax + " bytes");
      return;
    }
    if (event.storeId() != null && !event.storeId().equals(key.storeId())) {
      submission.refused(
          index, FailureReason.STORE_MISMATCH, "storeid is not the store of the write key");
      return;
    }
    String objection = gate.objection(event.bytes(), event.from(), event.to());
    if (objection != null) {
      submission.refused(index, FailureReason.SCHEMA_VIOLATION, objection);
      return;
    }
    OutgoingEvent outgoing = splice.record(event, key, now);
    if (outgoing.value().length > EventLimits.EVENT_BYTES_MAX) {
      submission.refused(
          index,
          FailureReason.BODY_TOO_LARGE,
          "an event has at most "
              + EventLimits.EVENT_BYTES_MAX
              + " bytes with the attributes that are added to it");
      return;
    }
    submission.named(index, outgoing.id());
    publisher.publish(outgoing, index, submission);
  }

  private void count(Submission settled, long started) {
    stats.received(settled.size());
    int accepted = settled.accepted();
    stats.accepted(accepted);
    for (int i = 0; accepted < settled.size() && i < settled.size(); i++) {
      if (settled.reason(i) != null) {
        stats.rejected(settled.reason(i));
      }
    }
    if (accepted > 0) {
      stats.acknowledged(System.nanoTime() - started);
    }
  }
}
