package io.eventpipeline.job;

import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Adds where in the visit an event stands and what is in the cart after it; keyed by {@link
 * EventKeys#group}, which is (store, session) for every event that has a session.
 *
 * <p>A session ends when nothing came for {@code gap}, whether that shows in the events' own times
 * or on the clock. Events count in the order in which they arrive here, which is the raw topic's
 * order ({@link OrderFunction}). An event without a session passes by without state.
 */
final class SessionFunction extends KeyedProcessFunction<String, CartEvent, CartEvent>
    implements Held.Holding {
  private static final long serialVersionUID = 1L;
  static final String STATE = "session";
  private static final long COMPACTION_TIME_EVERY = 1_000;

  private final Duration gap;
  private transient Held<Session> sessions;

  SessionFunction(Duration gap) {
    this.gap = gap;
  }

  @Override
  public void open(OpenContext context) {
    ValueStateDescriptor<Session> descriptor =
        new ValueStateDescriptor<>(STATE, TypeInformation.of(Session.class));
    descriptor.enableTimeToLive(
        StateTtlConfig.newBuilder(gap)
            .setUpdateType(StateTtlConfig.UpdateType.OnCreateAndWrite)
            .setStateVisibility(StateTtlConfig.StateVisibility.NeverReturnExpired)
            .cleanupInRocksdbCompactFilter(COMPACTION_TIME_EVERY)
            .build());
    sessions = new Held<>(getRuntimeContext().getState(descriptor));
  }

  @Override
  public void processElement(CartEvent in, Context context, Collector<CartEvent> out)
      throws Exception {
    if (in.event().sessionId().isEmpty()) {
      out.collect(in);
      return;
    }
    Session before = sessions.value(context.getCurrentKey());
    if (before != null
        && in.event().timeMicros() - before.lastAtMicros() > gap.toMillis() * 1_000) {
      before = null; // catching up: the gap is in the events, not on the clock
    }
    Session now = Session.after(before, in.event(), in.cart());
    sessions.update(context.getCurrentKey(), now);
    out.collect(in.in(now.context(in.event())));
  }

  @Override
  public Held<?> held() {
    return sessions;
  }
}
