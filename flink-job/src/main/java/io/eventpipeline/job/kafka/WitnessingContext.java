package io.eventpipeline.job.kafka;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobInfo;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Flink's context, through which the connector's writer also tells where its records went. */
final class WitnessingContext implements WriterInitContext {
  private final WriterInitContext context;
  private final AtomicReference<Witness> witness;

  /**
   * @param witness gets the first record that is acknowledged while it is empty, on the producer's
   *     thread
   */
  WitnessingContext(WriterInitContext context, AtomicReference<Witness> witness) {
    this.context = context;
    this.witness = witness;
  }

  @Override
  @SuppressWarnings("unchecked") // the connector's metadata are these
  public <M> Optional<Consumer<M>> metadataConsumer() {
    return Optional.of((Consumer<M>) (Consumer<RecordMetadata>) this::acknowledged);
  }

  private void acknowledged(RecordMetadata record) {
    // Records that failed come here too, without an offset
    if (witness.get() == null && record != null && record.hasOffset()) {
      witness.set(new Witness(record.topic(), record.partition(), record.offset()));
    }
  }

  @Override
  public UserCodeClassLoader getUserCodeClassLoader() {
    return context.getUserCodeClassLoader();
  }

  @Override
  public MailboxExecutor getMailboxExecutor() {
    return context.getMailboxExecutor();
  }

  @Override
  public ProcessingTimeService getProcessingTimeService() {
    return context.getProcessingTimeService();
  }

  @Override
  public SinkWriterMetricGroup metricGroup() {
    return context.metricGroup();
  }

  @Override
  public SerializationSchema.InitializationContext asSerializationSchemaInitializationContext() {
    return context.asSerializationSchemaInitializationContext();
  }

  @Override
  public boolean isObjectReuseEnabled() {
    return context.isObjectReuseEnabled();
  }

  @Override
  public <I> TypeSerializer<I> createInputSerializer() {
    return context.createInputSerializer();
  }

  @Override
  public OptionalLong getRestoredCheckpointId() {
    return context.getRestoredCheckpointId();
  }

  @Override
  public JobInfo getJobInfo() {
    return context.getJobInfo();
  }

  @Override
  public TaskInfo getTaskInfo() {
    return context.getTaskInfo();
  }
}
