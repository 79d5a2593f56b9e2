package io.eventpipeline.edge;

import io.eventpipeline.contract.FailureReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A publisher that acknowledges when the test says so. */
final class HeldPublisher implements EventPublisher {
  /** An event that waits. */
  record Held(OutgoingEvent event, int index, Receipt receipt) {}

  private final List<Held> waiting = new ArrayList<>();
  private final List<OutgoingEvent> published = new CopyOnWriteArrayList<>();
  private volatile boolean holding;
  private volatile boolean refusing;
  private long offset;

  /** From now on events wait for {@link #acknowledge}. */
  void hold() {
    holding = true;
  }

  /** From now on events are refused. */
  void refuse(boolean refuse) {
    refusing = refuse;
  }

  /** Back to acknowledging at once, with nothing remembered. */
  synchronized void reset() {
    holding = false;
    refusing = false;
    acknowledgeAll();
    published.clear();
  }

  List<OutgoingEvent> published() {
    return published;
  }

  synchronized int waiting() {
    return waiting.size();
  }

  /** Acknowledges the event that came as number {@code position} of those that wait. */
  synchronized void acknowledge(int position) {
    Held held = waiting.remove(position);
    held.receipt().acknowledged(held.index(), 0, offset++);
  }

  synchronized void acknowledgeAll() {
    while (!waiting.isEmpty()) {
      acknowledge(0);
    }
  }

  @Override
  public synchronized void publish(OutgoingEvent event, int index, Receipt receipt) {
    if (refusing) {
      receipt.refused(index, FailureReason.UNAVAILABLE, "refusing");
      return;
    }
    published.add(event);
    waiting.add(new Held(event, index, receipt));
    if (!holding) {
      acknowledgeAll();
    }
  }

  @Override
  public Optional<String> unavailable() {
    return refusing ? Optional.of("refusing") : Optional.empty();
  }

  @Override
  public int inFlightEvents() {
    return waiting();
  }

  @Override
  public long inFlightBytes() {
    return 0;
  }

  @Override
  public void close() {
    acknowledgeAll();
  }
}
