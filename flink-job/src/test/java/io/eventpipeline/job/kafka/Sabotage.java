package io.eventpipeline.job.kafka;

import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;

/**
 * Passes numbers on at a bounded rate and does harm in the moment between pre-commit and commit.
 *
 * <p>In one chain with the sink: Flink lets the last operator snapshot first, so in the first one's
 * snapshot the sink's transaction is written, and the next is not begun yet.
 */
final class Sabotage extends RichMapFunction<Long, Long> implements CheckpointedFunction {
  private static final long serialVersionUID = 1L;
  private static final long NANOS = 5_000_000;

  /** Harm still to do; the test and its MiniCluster share it. */
  static final AtomicInteger LEFT = new AtomicInteger();

  private final Kind kind;
  private final Properties connection;
  private final String prefix;
  private transient int snapshots;

  /** What happens in the third snapshot of subtask 0. */
  enum Kind {
    /** Somebody fences the transaction that is about to be committed. */
    FENCE,
    /** The snapshot fails, and with it the task. */
    FAIL
  }

  Sabotage(Kind kind, Numbers numbers) {
    this.kind = kind;
    this.connection = numbers.connection;
    this.prefix = numbers.prefix;
  }

  @Override
  public Long map(Long number) {
    if (number % 50 == 0) {
      LockSupport.parkNanos(NANOS);
    }
    return number;
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() != 0
        || ++snapshots != 3
        || LEFT.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
      return;
    }
    if (kind == Kind.FAIL) {
      throw new IllegalStateException("failing on purpose");
    }
    try (Admin admin = Admin.create(connection)) {
      List<String> open =
          admin
              .listTransactions(
                  new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
              .all()
              .get()
              .stream()
              .map(TransactionListing::transactionalId)
              .filter(id -> id.startsWith(prefix + "-0-"))
              .toList();
      if (open.size() != 1) {
        throw new IllegalStateException("one is pre-committed, were " + open);
      }
      admin.fenceProducers(open).all().get();
    }
  }

  @Override
  public void initializeState(FunctionInitializationContext context) {
    snapshots = 0;
  }
}
