package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.EventLimits;
import io.eventpipeline.job.decode.Decoded;
import io.eventpipeline.job.decode.EventDecoder;
import io.eventpipeline.job.types.StreamTypes;
import java.time.Clock;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Bytes to events, each with the one that it follows; what is no event goes to {@link DeadLetters}.
 *
 * <p>Every record of the raw topic, understood or not, also goes to {@link #ARRIVALS}: it is what
 * {@code events_raw} shows.
 */
final class DecodeFunction extends ProcessFunction<RawEvent, Event>
    implements CheckpointedFunction, CheckpointListener {
  private static final long serialVersionUID = 1L;

  static final OutputTag<Event> ARRIVALS = new OutputTag<>("arrivals", StreamTypes.EVENT);

  private final Clock clock;
  private final JobConfig.Order order;
  private transient EventDecoder decoder;
  private transient Predecessors predecessors;
  private transient JobMetrics metrics;

  DecodeFunction(JobConfig.Order order, Clock clock) {
    this.order = order;
    this.clock = clock;
  }

  @Override
  public void open(OpenContext context) {
    decoder = new EventDecoder();
    metrics = new JobMetrics(getRuntimeContext().getMetricGroup());
  }

  @Override
  public void initializeState(FunctionInitializationContext context) {
    predecessors = new Predecessors(order.groupsMax());
    context.getRestoredCheckpointId().ifPresent(predecessors::begin);
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) {
    predecessors.begin(context.getCheckpointId());
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) {
    predecessors.complete(checkpoint);
  }

  @Override
  public void processElement(RawEvent raw, Context context, Collector<Event> out) {
    metrics.consumed();
    Decoded decoded =
        decoder.decode(raw.value(), receivedAtMicros(raw), raw.partition(), raw.offset());
    context.output(ARRIVALS, decoded.event());
    if (decoded.refused() == null) {
      metrics.emitted();
      out.collect(predecessors.link(decoded.event()));
    } else {
      metrics.refused(decoded.refused());
      context.output(
          DeadLetters.TAG,
          DeadLetters.of(decoded.refused(), decoded.detail(), decoded.event(), clock));
    }
  }

  /**
   * The edge writes the time of receipt as the record's timestamp; others may write anything there,
   * so it is held within the limits of event time around now.
   */
  private long receivedAtMicros(RawEvent raw) {
    long now = clock.millis();
    long earliest = now - EventLimits.PAST_MAX.toMillis();
    long latest = now + EventLimits.FUTURE_MAX.toMillis();
    boolean plausible = raw.timestampMillis() >= earliest && raw.timestampMillis() <= latest;
    return (plausible ? raw.timestampMillis() : now) * 1_000;
  }
}
