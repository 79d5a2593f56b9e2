package io.eventpipeline.job.kafka;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.InitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessageTypeInfo;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.lineage.LineageVertex;
import org.apache.flink.streaming.api.lineage.LineageVertexProvider;

/**
 * The connector's exactly-once {@link KafkaSink}, made to stop where it would lose.
 *
 * <p><b>Guarantee.</b> The records of a completed checkpoint are committed in Kafka, or the job has
 * stopped for good with a {@link LostTransactionException} that says which records are missing and
 * what they were made from. The connector alone logs an error and goes on: a transaction that the
 * broker timed out, or that somebody aborted, is gone unnoticed.
 *
 * <p><b>Mechanism.</b> The checkpoint keeps, with each transaction, the place of one record of it.
 * When a commit is refused, that record is looked up as a reader of committed records would: that
 * tells a transaction that was aborted from one that had been committed before a restart, which
 * happens in about every second kill and is harmless. A transaction that superseded it under its id
 * is aborted.
 *
 * <p><b>State.</b> Reads what {@link KafkaSink} has written under the same uid.
 *
 * <p><b>Needs</b> the rights to read and describe the output topics and to describe the
 * transactional ids. Source records must be kept for longer than the transaction timeout, output
 * records for longer than the oldest savepoint that is to be restored.
 */
public final class GuardedKafkaSink<T>
    implements Sink<T>,
        SupportsWriterState<T, KafkaWriterState>,
        SupportsCommitter<PendingTransaction>,
        SupportsPostCommitTopology<PendingTransaction>,
        LineageVertexProvider {
  private static final long serialVersionUID = 1L;

  private final KafkaSink<T> sink;
  private final Properties connection;
  private final String transactionalIdPrefix;
  private final Provenance<T> provenance;
  private final String sourceTopic;
  private final Set<String> writtenOff;
  private final Ownership ownership;

  /**
   * @param sink with {@code EXACTLY_ONCE}
   * @param connection how to reach the brokers that {@code sink} writes to: {@code
   *     bootstrap.servers} and security
   * @param transactionalIdPrefix that of {@code sink}
   * @param sourceTopic what {@code provenance} speaks of
   * @param writtenOff transactions whose loss is accepted, as the exception named them
   * @param ownership of the prefix
   */
  public GuardedKafkaSink(
      KafkaSink<T> sink,
      Properties connection,
      String transactionalIdPrefix,
      Provenance<T> provenance,
      String sourceTopic,
      Set<String> writtenOff,
      Ownership ownership) {
    this.sink = sink;
    this.connection = connection;
    this.transactionalIdPrefix = transactionalIdPrefix;
    this.provenance = provenance;
    this.sourceTopic = sourceTopic;
    this.writtenOff = Set.copyOf(writtenOff);
    this.ownership = ownership;
  }

  @Override
  public SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
    return restoreWriter(context, List.of());
  }

  @Override
  public StatefulSinkWriter<T, KafkaWriterState> restoreWriter(
      WriterInitContext context, Collection<KafkaWriterState> state) throws IOException {
    var witness = new AtomicReference<Witness>();
    SupportsWriterState<T, KafkaWriterState> connector = sink;
    return new GuardedWriter<>(
        connector.restoreWriter(new WitnessingContext(context, witness), state),
        provenance,
        witness,
        doubts(context),
        lossCheck(),
        context.getRestoredCheckpointId().orElse(0));
  }

  /** Flink creates and restores the committer of a subtask before its writer. */
  @Override
  public Committer<PendingTransaction> createCommitter(CommitterInitContext context)
      throws IOException {
    return new GuardedCommitter(
        ownership.claim(context.getJobInfo().getJobId().toString()),
        sink.createCommitter(context),
        lossCheck(),
        doubts(context),
        new SupersededTransactions(connection),
        context.metricGroup().counter("transactionsDoubted"));
  }

  private Doubts doubts(InitContext context) {
    return Doubts.of(
        new Doubts.Key(
            context.getJobInfo().getJobId().toString(),
            transactionalIdPrefix,
            context.getTaskInfo().getIndexOfThisSubtask(),
            context.getTaskInfo().getAttemptNumber()));
  }

  private LossCheck lossCheck() {
    return new LossCheck(connection, sourceTopic, writtenOff);
  }

  @Override
  public SimpleVersionedSerializer<KafkaWriterState> getWriterStateSerializer() {
    return sink.getWriterStateSerializer();
  }

  @Override
  public SimpleVersionedSerializer<PendingTransaction> getCommittableSerializer() {
    return new PendingTransactionSerializer(sink.getCommittableSerializer());
  }

  /** Keeps writer and committer in one process, where they share {@link Doubts} and producers. */
  @Override
  public void addPostCommitTopology(DataStream<CommittableMessage<PendingTransaction>> committed) {
    var step = committed.getTransformation();
    step.setCoLocationGroupKey(transactionalIdPrefix);
    for (var before = step.getInputs().get(0);
        before.getOutputType() instanceof CommittableMessageTypeInfo;
        before = before.getInputs().get(0)) {
      before.setCoLocationGroupKey(transactionalIdPrefix);
    }
  }

  @Override
  public LineageVertex getLineageVertex() {
    return sink.getLineageVertex();
  }
}
