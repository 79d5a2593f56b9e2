package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.FailureReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Lets the first event of an identity (store, source, id) pass; keyed by that identity.
 *
 * <p>A later one with the same type and data is a duplicate and only counted; one with other
 * content is a dead letter, {@link FailureReason#ID_CONFLICT}: the first one won. An identity is
 * forgotten {@code dedup.ttl} after it was first seen, in processing time (Flink has no other TTL).
 * A repetition after that passes again here; ClickHouse still collapses it.
 */
final class DedupFunction extends KeyedProcessFunction<String, Event, Event>
    implements CheckpointedFunction {
  private static final long serialVersionUID = 1L;
  static final String STATE = "fingerprint";

  /** How many entries RocksDB's compaction looks at before it asks for the time again. */
  private static final long COMPACTION_TIME_EVERY = 1_000;

  private final JobConfig.Dedup config;
  private final Clock clock;
  private transient RecentIdentities recent;
  private transient ValueState<Long> fingerprint;
  private transient MessageDigest digest;
  private transient JobMetrics metrics;

  DedupFunction(JobConfig.Dedup config, Clock clock) {
    this.config = config;
    this.clock = clock;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) {
    recent =
        new RecentIdentities(
            config.filterBytes(), config.ttl(), !context.isRestored(), System.nanoTime());
  }

  @Override
  public void open(OpenContext context) throws NoSuchAlgorithmException {
    ValueStateDescriptor<Long> descriptor = new ValueStateDescriptor<>(STATE, Types.LONG);
    descriptor.enableTimeToLive(
        StateTtlConfig.newBuilder(config.ttl())
            .setUpdateType(StateTtlConfig.UpdateType.OnCreateAndWrite)
            .setStateVisibility(StateTtlConfig.StateVisibility.NeverReturnExpired)
            .cleanupInRocksdbCompactFilter(COMPACTION_TIME_EVERY)
            .build());
    fingerprint = getRuntimeContext().getState(descriptor);
    digest = MessageDigest.getInstance("SHA-256");
    metrics = new JobMetrics(getRuntimeContext().getMetricGroup());
  }

  @Override
  public void processElement(Event event, Context context, Collector<Event> out) throws Exception {
    metrics.consumed();
    long now = fingerprintOf(event);
    boolean isNew = recent.isNew(context.getCurrentKey(), System.nanoTime());
    Long first = isNew ? null : fingerprint.value();
    if (first == null) {
      fingerprint.update(now);
      metrics.emitted();
      out.collect(event);
    } else if (first == now) {
      metrics.duplicate();
      context.output(Skipped.TAG, Skipped.of(event));
    } else {
      metrics.refused(FailureReason.ID_CONFLICT);
      context.output(Skipped.TAG, Skipped.of(event));
      context.output(
          DeadLetters.TAG,
          DeadLetters.of(
              FailureReason.ID_CONFLICT,
              "store, source and id were seen before with another type or other data",
              event,
              clock));
    }
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) {
    // Keyed state has it all
  }

  /** 64 bits of a hash that nobody can choose collisions for: type, separator, data bytes. */
  private long fingerprintOf(Event event) {
    digest.update(event.type().getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update(event.payload(), event.dataStart(), event.dataLength());
    return ByteBuffer.wrap(digest.digest()).getLong();
  }
}
