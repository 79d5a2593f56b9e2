package io.eventpipeline.job.clickhouse;

import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;

/**
 * Passes blocks on to the committer and shows how old and how large those are whose checkpoint is
 * not complete: the writer has let them go, the committer has not begun. A checkpoint that is
 * aborted leaves its blocks to the next one. Has no state: what was restored is being committed.
 */
final class Handover extends RichMapFunction<CommittableMessage<Block>, CommittableMessage<Block>>
    implements CheckpointListener {
  private static final long serialVersionUID = 1L;

  private transient TreeMap<Long, Waiting> byCheckpoint;
  private transient volatile Waiting all;

  /**
   * Blocks that wait.
   *
   * @param sealedAtMillis of the oldest, {@link Long#MAX_VALUE} when there is none
   * @param bytes of all, compressed
   */
  private record Waiting(long sealedAtMillis, long bytes) {
    static final Waiting NONE = new Waiting(Long.MAX_VALUE, 0);

    Waiting and(Waiting other) {
      return new Waiting(
          Math.min(sealedAtMillis, other.sealedAtMillis), Math.addExact(bytes, other.bytes));
    }
  }

  @Override
  public void open(OpenContext context) {
    byCheckpoint = new TreeMap<>();
    all = Waiting.NONE;
    MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("clickhouse");
    metrics.gauge("handedOverBytes", this::bytes);
    metrics.gauge("oldestHandedOverMillis", () -> oldestMillis(System.currentTimeMillis()));
  }

  @Override
  public CommittableMessage<Block> map(CommittableMessage<Block> message) {
    if (message instanceof CommittableWithLineage<Block> handed) {
      Block block = handed.getCommittable();
      byCheckpoint.merge(
          handed.getCheckpointId(),
          new Waiting(block.sealedAtMillis(), block.body().length),
          Waiting::and);
      sum();
    }
    return message;
  }

  /** In the call beside this one the committer begins, and shows the blocks until they landed. */
  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    byCheckpoint.headMap(checkpointId, true).clear();
    sum();
  }

  private void sum() {
    all = byCheckpoint.values().stream().reduce(Waiting.NONE, Waiting::and);
  }

  /** Compressed bytes of the blocks that wait. For the metrics' thread. */
  long bytes() {
    return all.bytes();
  }

  /** Age of the oldest of them in milliseconds; 0 when there are none. For the metrics' thread. */
  long oldestMillis(long nowMillis) {
    Waiting waiting = all;
    return waiting.bytes() == 0 ? 0 : nowMillis - waiting.sealedAtMillis();
  }
}
