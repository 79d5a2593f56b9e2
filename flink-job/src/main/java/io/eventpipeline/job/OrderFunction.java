package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import io.eventpipeline.job.types.StreamTypes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Puts the events of a group, which is a Kafka key, back into the order of the raw topic; keyed by
 * {@link EventKeys#group(Event)}.
 *
 * <p>Deduplication is keyed by identity, so events of one cart go through several subtasks and may
 * overtake each other. Each therefore names the one that it follows ({@link Predecessors}) and
 * waits here until that one has passed or was {@link Skipped}. What waits is state and has what it
 * waits for behind it in the same job, so that as many wait as are on their way; after {@code
 * waitMax} they pass all the same, in their order, counted as {@code given_up}.
 */
final class OrderFunction extends KeyedCoProcessFunction<String, CartEvent, Skipped, CartEvent>
    implements Held.Holding {
  private static final long serialVersionUID = 1L;
  static final String TURN = "turn";
  static final String EVENTS = "waiting-events";
  static final String SKIPS = "waiting-skips";

  /** Longer than an event counts as on its way, or its followers would wait for what is done. */
  private static final int TTL_IN_RECENT = 3;

  private static final long COMPACTION_TIME_EVERY = 1_000;

  private final JobConfig.Order config;
  private transient Held<Turn> turns;
  private transient MapState<Long, CartEvent> events; // by the offset that they wait for
  private transient MapState<Long, Long> skips;
  private transient Counter waited;
  private transient Counter givenUp;

  OrderFunction(JobConfig.Order config) {
    this.config = config;
  }

  @Override
  public void open(OpenContext context) {
    ValueStateDescriptor<Turn> turn =
        new ValueStateDescriptor<>(TURN, TypeInformation.of(Turn.class));
    turn.enableTimeToLive(
        StateTtlConfig.newBuilder(config.recent().multipliedBy(TTL_IN_RECENT))
            .setUpdateType(StateTtlConfig.UpdateType.OnCreateAndWrite)
            .setStateVisibility(StateTtlConfig.StateVisibility.NeverReturnExpired)
            .cleanupInRocksdbCompactFilter(COMPACTION_TIME_EVERY)
            .build());
    turns = new Held<>(getRuntimeContext().getState(turn));
    events =
        getRuntimeContext()
            .getMapState(new MapStateDescriptor<>(EVENTS, Types.LONG, StreamTypes.CART_EVENT));
    skips =
        getRuntimeContext().getMapState(new MapStateDescriptor<>(SKIPS, Types.LONG, Types.LONG));
    MetricGroup group = getRuntimeContext().getMetricGroup().addGroup("pipeline");
    waited = group.counter("waited");
    givenUp = group.counter("given_up");
  }

  @Override
  public void processElement1(CartEvent in, Context context, Collector<CartEvent> out)
      throws Exception {
    Turn turn = turns.value(context.getCurrentKey());
    long follows = in.event().follows();
    if (isNext(follows, turn)) {
      out.collect(in);
      pass(in.event().offset(), turn, context.getCurrentKey(), out);
    } else {
      events.put(follows, in);
      await(turn, context);
    }
  }

  @Override
  public void processElement2(Skipped skipped, Context context, Collector<CartEvent> out)
      throws Exception {
    Turn turn = turns.value(context.getCurrentKey());
    if (isNext(skipped.follows(), turn)) {
      pass(skipped.offset(), turn, context.getCurrentKey(), out);
    } else {
      skips.put(skipped.follows(), skipped.offset());
      await(turn, context);
    }
  }

  @Override
  public Held<?> held() {
    return turns;
  }

  private static boolean isNext(long follows, Turn turn) {
    return follows == Event.FOLLOWS_NONE || (turn != null && turn.offset() >= follows);
  }

  private void await(Turn turn, Context context) throws Exception {
    waited.inc();
    turns.update(
        context.getCurrentKey(),
        turn == null
            ? new Turn(Event.FOLLOWS_NONE, 1)
            : new Turn(turn.offset(), turn.waiting() + 1));
    long limit = context.timerService().currentProcessingTime() + config.waitMax().toMillis();
    context.timerService().registerProcessingTimeTimer(limit);
  }

  /** Notes that {@code offset} is done, and lets those go on that waited for it, one by one. */
  private void pass(long offset, Turn before, String group, Collector<CartEvent> out)
      throws Exception {
    long done = offset;
    int waiting = before == null ? 0 : before.waiting();
    while (waiting > 0) {
      CartEvent event = events.get(done);
      Long skip = event == null ? skips.get(done) : null;
      if (event != null) {
        events.remove(done);
        out.collect(event);
        done = event.event().offset();
      } else if (skip != null) {
        skips.remove(done);
        done = skip;
      } else {
        break;
      }
      waiting--;
    }
    long passed = before == null ? done : Math.max(done, before.offset());
    turns.update(group, new Turn(passed, waiting));
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<CartEvent> out)
      throws Exception {
    Turn turn = turns.value(context.getCurrentKey());
    if (turn == null || turn.waiting() == 0) {
      return;
    }
    List<CartEvent> late = new ArrayList<>();
    events.values().forEach(late::add);
    late.sort(Comparator.comparingLong(in -> in.event().offset()));
    long done = turn.offset();
    for (CartEvent in : late) {
      out.collect(in);
      done = Math.max(done, in.event().offset());
    }
    for (long skip : skips.values()) {
      done = Math.max(done, skip);
    }
    givenUp.inc(turn.waiting());
    events.clear();
    skips.clear();
    turns.update(context.getCurrentKey(), new Turn(done, 0));
  }
}
