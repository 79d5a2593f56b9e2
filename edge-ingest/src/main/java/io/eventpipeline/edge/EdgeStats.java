package io.eventpipeline.edge;

import io.eventpipeline.contract.FailureReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What came in and what became of it, since the start and in the last minute.
 *
 * <p>received = accepted + rejected, at any time: events are counted when they are settled. A
 * request that is refused as a whole (401, 413, 415, broken JSON) counts as one. Counting is safe
 * on any thread and allocates nothing.
 */
final class EdgeStats {
  private static final int WINDOW_SECONDS = 60;

  private final LongAdder received = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder connections = new LongAdder();
  private final LongAdder connectionsRefused = new LongAdder();
  private final LongAdder connectionsLate = new LongAdder();
  private final LongAdder streams = new LongAdder();
  private final Map<FailureReason, LongAdder> rejected = new EnumMap<>(FailureReason.class);
  private final Latencies latencies = new Latencies();
  private final Totals[] history = new Totals[WINDOW_SECONDS + 1];
  private int next;

  /**
   * Sums at one moment.
   *
   * @param rejected by reason, in the order of the enum
   * @param latencyCounts acknowledgements by bucket of {@link Latencies}
   */
  record Totals(
      long received,
      long accepted,
      Map<FailureReason, Long> rejected,
      long bytes,
      long[] latencyCounts) {

    /** What was added since {@code earlier}. */
    Totals since(Totals earlier) {
      Map<FailureReason, Long> reasons = new EnumMap<>(FailureReason.class);
      rejected.forEach((reason, n) -> reasons.put(reason, n - earlier.rejected.get(reason)));
      long[] counts = latencyCounts.clone();
      for (int i = 0; i < counts.length; i++) {
        counts[i] -= earlier.latencyCounts[i];
      }
      return new Totals(
          received - earlier.received,
          accepted - earlier.accepted,
          reasons,
          bytes - earlier.bytes,
          counts);
    }
  }

  EdgeStats() {
    for (FailureReason reason : FailureReason.values()) {
      rejected.put(reason, new LongAdder());
    }
    remember();
  }

  void received(int events) {
    received.add(events);
  }

  void accepted(int events) {
    accepted.add(events);
  }

  void rejected(FailureReason reason) {
    rejected.get(reason).increment();
  }

  /** A request, message or frame that is refused before its events are told apart. */
  void refusedAsAWhole(FailureReason reason) {
    received(1);
    rejected(reason);
  }

  void bytes(int read) {
    bytes.add(read);
  }

  /** From receipt to the last acknowledgement of a request or frame. */
  void acknowledged(long nanos) {
    latencies.record(nanos);
  }

  void connection(int change) {
    connections.add(change);
  }

  /** A connection above the limit. */
  void connectionRefused() {
    connectionsRefused.increment();
  }

  /** A connection that was closed because a head or a body did not come to its end in time. */
  void connectionLate() {
    connectionsLate.increment();
  }

  void stream(int change) {
    streams.add(change);
  }

  long connections() {
    return connections.sum();
  }

  long connectionsRefused() {
    return connectionsRefused.sum();
  }

  long connectionsLate() {
    return connectionsLate.sum();
  }

  long streams() {
    return streams.sum();
  }

  /** Sums since the start. */
  Totals totals() {
    Map<FailureReason, Long> reasons = new EnumMap<>(FailureReason.class);
    rejected.forEach((reason, n) -> reasons.put(reason, n.sum()));
    return new Totals(received.sum(), accepted.sum(), reasons, bytes.sum(), latencies.counts());
  }

  /** Keeps the sums for the last minute; to be called once a second. */
  synchronized void remember() {
    history[next] = totals();
    next = (next + 1) % history.length;
  }

  /** What was added in the last minute, or since the start if that is shorter ago. */
  synchronized Totals lastMinute() {
    Totals oldest = history[next] != null ? history[next] : history[0];
    return totals().since(oldest);
  }
}
