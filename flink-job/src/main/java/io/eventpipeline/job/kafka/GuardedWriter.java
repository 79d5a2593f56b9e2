package io.eventpipeline.job.kafka;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.util.IOUtils;

/** Notes of each transaction which records it holds, as the connector's writer writes them. */
final class GuardedWriter<T>
    implements StatefulSinkWriter<T, KafkaWriterState>,
        CommittingSinkWriter<T, PendingTransaction> {
  private final StatefulSinkWriter<T, KafkaWriterState> writer;
  private final CommittingSinkWriter<T, KafkaCommittable> committing;
  private final Provenance<T> provenance;
  private final AtomicReference<Witness> witness;
  private final Doubts doubts;
  private final LossCheck check;
  private final SourceSpan span = new SourceSpan();
  private long lastCheckpoint;

  /**
   * @param witness the first acknowledged record of the running transaction; filled by the
   *     producer's thread
   */
  @SuppressWarnings("unchecked") // the connector's writer is both
  GuardedWriter(
      StatefulSinkWriter<T, KafkaWriterState> writer,
      Provenance<T> provenance,
      AtomicReference<Witness> witness,
      Doubts doubts,
      LossCheck check,
      long restoredCheckpoint) {
    this.writer = writer;
    this.committing = (CommittingSinkWriter<T, KafkaCommittable>) writer;
    this.provenance = provenance;
    this.witness = witness;
    this.doubts = doubts;
    this.check = check;
    this.lastCheckpoint = restoredCheckpoint;
  }

  @Override
  public void write(T element, Context context) throws IOException, InterruptedException {
    writer.write(element, context);
    span.add(provenance.partition(element), provenance.offset(element));
  }

  @Override
  public void flush(boolean endOfInput) throws IOException, InterruptedException {
    doubts.settle(check);
    writer.flush(endOfInput);
  }

  /** All records are acknowledged by now, since this follows a flush. */
  @Override
  public Collection<PendingTransaction> prepareCommit() throws IOException, InterruptedException {
    List<PendingTransaction> pending = new ArrayList<>();
    for (KafkaCommittable kafka : committing.prepareCommit()) {
      pending.add(
          new PendingTransaction(
              kafka, witness.get(), lastCheckpoint, span.records(), span.offsets()));
    }
    witness.set(null);
    span.clear();
    return pending;
  }

  @Override
  public List<KafkaWriterState> snapshotState(long checkpointId) throws IOException {
    lastCheckpoint = checkpointId;
    return writer.snapshotState(checkpointId);
  }

  @Override
  public void writeWatermark(Watermark watermark) throws IOException, InterruptedException {
    writer.writeWatermark(watermark);
  }

  @Override
  public void close() throws Exception {
    IOUtils.closeAll(writer, () -> ConnectorAdmin.close(writer), doubts, check);
  }
}
