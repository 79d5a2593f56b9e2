package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import io.eventpipeline.job.types.StreamTypes;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Puts the events of a group, which is a Kafka key, back into the order of the raw topic; keyed by
 * {@link EventKeys#group(Event)}.
 *
 * <p>Deduplication is keyed by identity, so events of one cart go through several subtasks and may
 * overtake each other. Each therefore names the one that it follows ({@link Predecessors}) and
 * waits here until that one has passed or was {@link Skipped}. What waits is state and has what it
 * waits for behind it in the same job, so that as many wait as are on their way.
 *
 * <p>No length of time tells whether what an event waits for still comes: a process may be paused,
 * a job may be down, and one way through the job may be blocked for longer than another. A
 * checkpoint does: its barrier pushes all that was read before it through every way, so what is not
 * here by then never comes. Therefore an event that has waited for {@code waitMax}, and through a
 * checkpoint, passes all the same, counted as {@code given_up}, and with it whoever waited for it.
 * This needs aligned checkpoints.
 */
final class OrderFunction extends KeyedCoProcessFunction<String, Event, Skipped, Event>
    implements CheckpointedFunction, Held.Holding {
  private static final long serialVersionUID = 1L;
  static final String TURN = "turn";
  static final String EVENTS = "waiting-events";
  static final String SKIPS = "waiting-skips";

  private static final long COMPACTION_TIME_EVERY = 1_000;

  private final JobConfig.Order config;
  private transient Map<String, Wait> waits; // of this run, by group
  private transient long snapshots;
  private transient Held<Turn> turns;
  private transient MapState<Long, CartEvent> events; // by the offset that they wait for; stored()
  private transient MapState<Long, Long> skips;
  private transient Counter waited;
  private transient Counter givenUp;

  /**
   * That of a group.
   *
   * @param untilMillis when the group's timer fires
   * @param snapshots taken before the wait began
   * @param arrivals the same for each that waits, by its offset; not for those that were restored
   */
  private record Wait(long untilMillis, long snapshots, Map<Long, Long> arrivals) {
    /** Snapshots that were taken before it was known that this one waits. */
    long snapshotsBefore(long offset) {
      return Math.max(snapshots, arrivals.getOrDefault(offset, snapshots));
    }
  }

  OrderFunction(JobConfig.Order config) {
    this.config = config;
  }

  /** Whoever waits in what is restored has waited through the checkpoint that it comes from. */
  @Override
  public void initializeState(FunctionInitializationContext context) {
    waits = new HashMap<>();
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) {
    snapshots++;
  }

  @Override
  public void open(OpenContext context) {
    ValueStateDescriptor<Turn> turn =
        new ValueStateDescriptor<>(TURN, TypeInformation.of(Turn.class));
    turn.enableTimeToLive(
        StateTtlConfig.newBuilder(config.remembered())
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
  public void processElement1(Event event, Context context, Collector<Event> out) throws Exception {
    Turn turn = turns.value(context.getCurrentKey());
    if (isNext(event.follows(), turn) || isTaken(event.follows())) {
      out.collect(event);
      pass(event.offset(), turn, context, out);
    } else {
      events.put(event.follows(), stored(event));
      await(event.offset(), turn, context);
    }
  }

  @Override
  public void processElement2(Skipped skipped, Context context, Collector<Event> out)
      throws Exception {
    Turn turn = turns.value(context.getCurrentKey());
    if (isNext(skipped.follows(), turn) || isTaken(skipped.follows())) {
      pass(skipped.offset(), turn, context, out);
    } else {
      skips.put(skipped.follows(), skipped.offset());
      await(skipped.offset(), turn, context);
    }
  }

  /**
   * Whether another waits for this offset already. In one partition none does; but a group may be
   * in two, after partitions were added or from a producer with keys of its own, and then the later
   * one passes out of order rather than take the place of the other.
   */
  private boolean isTaken(long follows) throws Exception {
    return events.contains(follows) || skips.contains(follows);
  }

  /**
   * As state has it since a release in which events were validated before they were put in order.
   */
  private static CartEvent stored(Event event) {
    return new CartEvent(
        event, CartData.NONE, SessionContext.NONE, Upcast.none(event.schemaVersion()));
  }

  /** The event as it came, with the version that it named. */
  static Event restored(CartEvent in) {
    return in.event().withSchemaVersion(in.upcast().named());
  }

  @Override
  public Held<?> held() {
    return turns;
  }

  private static boolean isNext(long follows, Turn turn) {
    return follows == Event.FOLLOWS_NONE || (turn != null && turn.offset() >= follows);
  }

  private void await(long offset, Turn turn, Context context) throws Exception {
    waited.inc();
    turns.update(
        context.getCurrentKey(),
        turn == null
            ? new Turn(Event.FOLLOWS_NONE, 1)
            : new Turn(turn.offset(), turn.waiting() + 1));
    if (!waits.containsKey(context.getCurrentKey())) {
      await(snapshots, new HashMap<>(), context);
    }
    waits.get(context.getCurrentKey()).arrivals().put(offset, snapshots);
  }

  private void await(long since, Map<Long, Long> arrivals, Context context) {
    long until = context.timerService().currentProcessingTime() + config.waitMax().toMillis();
    waits.put(context.getCurrentKey(), new Wait(until, since, arrivals));
    context.timerService().registerProcessingTimeTimer(until);
  }

  /**
   * Notes that {@code offset} is done, and lets those go on that waited for it, one by one.
   *
   * @return how many still wait
   */
  private int pass(long offset, Turn before, Context context, Collector<Event> out)
      throws Exception {
    long done = offset;
    int waiting = before == null ? 0 : before.waiting();
    Wait wait = waits.get(context.getCurrentKey());
    while (waiting > 0) {
      CartEvent event = events.get(done);
      Long skip = event == null ? skips.get(done) : null;
      if (event != null) {
        events.remove(done);
        out.collect(restored(event));
        done = event.event().offset();
      } else if (skip != null) {
        skips.remove(done);
        done = skip;
      } else {
        break;
      }
      if (wait != null) {
        wait.arrivals().remove(done);
      }
      waiting--;
    }
    long passed = before == null ? done : Math.max(done, before.offset());
    turns.update(context.getCurrentKey(), new Turn(passed, waiting));
    if (waiting == 0 && wait != null) {
      waits.remove(context.getCurrentKey());
      // Else it would fire into a later wait, and end that one early
      context.timerService().deleteProcessingTimeTimer(wait.untilMillis());
    }
    return waiting;
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Event> out)
      throws Exception {
    Wait wait = waits.get(context.getCurrentKey());
    Waiting waiting = waiting();
    if (waiting.count == 0) {
      return;
    }
    Turn turn = turns.value(context.getCurrentKey()); // may have expired, but not what waits
    turn = new Turn(turn == null ? Event.FOLLOWS_NONE : turn.offset(), waiting.count);
    if (wait != null && timestamp < wait.untilMillis()) {
      // Set before a restart; who waits since then may not be counted, and must not be left behind
      turns.update(context.getCurrentKey(), turn);
      return;
    }
    if (wait != null && wait.snapshotsBefore(waiting.offset) == snapshots) {
      turns.update(context.getCurrentKey(), turn);
      await(wait.snapshots(), wait.arrivals(), context);
    } else if (giveUp(waiting, turn, context, out) > 0) {
      await(snapshots, wait == null ? new HashMap<>() : wait.arrivals(), context);
    }
  }

  /**
   * Lets the first of those pass that wait, and who follows it; of a group's events that wait it
   * has waited longest, since it was read first.
   *
   * @return how many still wait
   */
  private int giveUp(Waiting waiting, Turn turn, Context context, Collector<Event> out)
      throws Exception {
    givenUp.inc();
    if (waiting.event == null) {
      skips.remove(waiting.follows);
    } else {
      events.remove(waiting.follows);
      out.collect(restored(waiting.event));
    }
    Wait wait = waits.get(context.getCurrentKey());
    if (wait != null) {
      wait.arrivals().remove(waiting.offset);
    }
    return pass(waiting.offset, new Turn(turn.offset(), turn.waiting() - 1), context, out);
  }

  /** Counts those that wait in the current group, and finds the one that was read first. */
  private Waiting waiting() throws Exception {
    Waiting waiting = new Waiting();
    for (CartEvent in : events.values()) {
      waiting.add(in.event().offset(), in.event().follows(), in);
    }
    for (Map.Entry<Long, Long> skip : skips.entries()) {
      waiting.add(skip.getValue(), skip.getKey(), null);
    }
    return waiting;
  }

  private static final class Waiting {
    private int count;
    private long offset;
    private long follows;
    private CartEvent event; // null for a skip

    private void add(long candidate, long candidateFollows, CartEvent candidateEvent) {
      if (count++ == 0 || candidate < offset) {
        offset = candidate;
        follows = candidateFollows;
        event = candidateEvent;
      }
    }
  }
}
