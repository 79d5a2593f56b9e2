package io.eventpipeline.edge;

import io.eventpipeline.contract.FailureReason;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The events of one request or frame and what became of each; complete when all are known.
 *
 * <p>Filled by the event loop (refusals) and by the producer's thread (the rest), each index once;
 * read by the event loop after completion.
 */
final class Submission implements EventPublisher.Receipt, Runnable {
  private final Executor lane;
  private final Consumer<Submission> done;
  private final AtomicInteger open;
  private final String[] ids;
  private final int[] partitions;
  private final long[] offsets;
  private final FailureReason[] reasons;
  private final String[] details;

  /**
   * @param size events
   * @param lane where {@code done} runs
   * @param done called once, when every event is settled and {@link #sealed} was called
   */
  Submission(int size, Executor lane, Consumer<Submission> done) {
    this.lane = lane;
    this.done = done;
    this.open = new AtomicInteger(size + 1);
    this.ids = new String[size];
    this.partitions = new int[size];
    this.offsets = new long[size];
    this.reasons = new FailureReason[size];
    this.details = new String[size];
  }

  /** Says which id the event has: its own or the one that it was given. */
  void named(int index, String id) {
    ids[index] = id;
  }

  /** Everything was handed over: from now on it may complete. */
  void sealed() {
    settleOne();
  }

  @Override
  public void acknowledged(int index, int partition, long offset) {
    partitions[index] = partition;
    offsets[index] = offset;
    settleOne();
  }

  @Override
  public void refused(int index, FailureReason reason, String detail) {
    reasons[index] = reason;
    details[index] = detail;
    settleOne();
  }

  private void settleOne() {
    if (open.decrementAndGet() == 0) {
      lane.execute(this);
    }
  }

  @Override
  public void run() {
    done.accept(this);
  }

  int size() {
    return ids.length;
  }

  /** The event's id; null when it is refused and none was read. */
  String id(int index) {
    return ids[index];
  }

  int partition(int index) {
    return partitions[index];
  }

  long offset(int index) {
    return offsets[index];
  }

  /** Why it is refused; null when it is stored. */
  FailureReason reason(int index) {
    return reasons[index];
  }

  String detail(int index) {
    return details[index];
  }

  /** How many are stored. */
  int accepted() {
    int accepted = 0;
    for (FailureReason reason : reasons) {
      accepted += reason == null ? 1 : 0;
    }
    return accepted;
  }
}
