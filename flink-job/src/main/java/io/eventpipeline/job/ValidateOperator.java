package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.job.types.StreamTypes;
import io.eventpipeline.schema.Lookup;
import io.eventpipeline.schema.Reading;
import io.eventpipeline.schema.Schemas;
import io.eventpipeline.schema.Violation;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets events pass whose {@code data} keeps to the version of the schema that they name, or to one
 * that corrects it, and upcasts them to the newest version that can be reached from there: by the
 * registry's migrations, or as they are where nothing needs to change ({@link Reading}).
 *
 * <p>The others are dead letters: {@link FailureReason#UNKNOWN_TYPE}, {@link
 * FailureReason#UNKNOWN_VERSION}, {@link FailureReason#SCHEMA_VIOLATION} with the JSON pointers of
 * what is wrong and {@link FailureReason#MIGRATION_FAILED}.
 *
 * <p>When nobody can tell the schema, since it is in no cache and the registry does not answer, the
 * event is held as state and tried again every {@code retryEvery}. What comes after it in its group
 * waits behind it, so that the group keeps its order; all others pass. It is refused as {@link
 * FailureReason#SCHEMA_UNAVAILABLE} when {@code retryFor} is over and the registry was asked once
 * more without an answer, or when the input ends. When {@code heldMax} events are held, another one
 * is refused at once; if its own schema is known, those are that it would have to wait for. Events
 * of a schema that is in memory are therefore never refused for an outage.
 *
 * <p>Keyed by {@link EventKeys#group(Event)}. The task's thread waits for the registry only while
 * nothing is held, for as long as {@link Schemas#find} blocks.
 */
final class ValidateOperator extends AbstractStreamOperator<CartEvent>
    implements OneInputStreamOperator<Event, CartEvent> {
  private static final long serialVersionUID = 1L;
  static final String HELD = "held-events";

  /** Amounts stay decimals: a binary 0.1 is no multiple of 0.01. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final Lookup NOT_YET =
      new Lookup(Lookup.Outcome.UNAVAILABLE, null, "the registry has not answered yet");

  private final SchemaSource source;
  private final JobConfig.Registry registry;
  private final Clock clock;
  private transient Schemas schemas;
  private transient JobMetrics counts;
  private transient HeldEvents held;
  private transient ScheduledFuture<?> nextRetry; // null while nothing is held

  ValidateOperator(SchemaSource source, JobConfig.Registry registry, Clock clock) {
    this.source = source;
    this.registry = registry;
    this.clock = clock;
  }

  @Override
  public void open() throws Exception {
    super.open();
    schemas = source.open();
    var state = new MapStateDescriptor<>(HELD, Types.LONG, StreamTypes.EVENT);
    held = new HeldEvents(getRuntimeContext().getMapState(state));
    held.restore(HELD, getKeyedStateBackend());
    counts = new JobMetrics(getMetricGroup());
    counts.held(held::size);
    retryLater();
  }

  @Override
  public void close() throws Exception {
    if (schemas != null) {
      schemas.close();
    }
    super.close();
  }

  @Override
  public void processElement(StreamRecord<Event> element) throws Exception {
    counts.consumed();
    Event event = element.getValue();
    String group = (String) getCurrentKey();
    boolean full = held.size() >= registry.heldMax();
    if (held.has(group) && !full) {
      hold(group, event);
      return;
    }
    Lookup lookup = look(event.type(), event.schemaVersion());
    if (!isUnavailable(lookup)) {
      settle(group, this::look);
      judge(event, lookup);
    } else if (full) {
      judge(event, lookup);
    } else {
      hold(group, event);
    }
  }

  /** At the end of the input there is no later. */
  @Override
  public void finish() throws Exception {
    for (String group : held.groups()) {
      setCurrentKey(group);
      settle(group, schemas::find);
    }
    super.finish();
  }

  private Lookup look(String type, int version) {
    return held.isEmpty()
        ? schemas.find(type, version)
        : schemas.lookup(type, version).getNow(NOT_YET);
  }

  private static boolean isUnavailable(Lookup lookup) {
    return lookup.outcome() == Lookup.Outcome.UNAVAILABLE;
  }

  private void hold(String group, Event event) throws Exception {
    held.add(group, event, processingTimeService.getCurrentProcessingTime());
    retryLater();
  }

  private void retryLater() {
    if (nextRetry == null && !held.isEmpty()) {
      long now = processingTimeService.getCurrentProcessingTime();
      nextRetry =
          processingTimeService.registerTimer(now + registry.retryEvery().toMillis(), this::retry);
    }
  }

  private void retry(long due) throws Exception {
    nextRetry = null;
    long expired =
        processingTimeService.getCurrentProcessingTime() - registry.retryFor().toMillis();
    for (String group : held.groups()) {
      setCurrentKey(group);
      advance(group, expired);
    }
    retryLater();
  }

  /**
   * Lets those at the head of the line go of whom it is known by now what they are.
   *
   * @param expired whoever is held since then or for longer was held for long enough
   */
  private void advance(String group, long expired) throws Exception {
    for (HeldEvents.Place first = held.first(group); first != null; first = held.first(group)) {
      counts.retried();
      CompletableFuture<Lookup> answer = schemas.lookup(first.type(), first.version());
      // Who was paused for long, or restored, is asked for once before it is refused
      boolean last = answer.isDone() && first.sinceMillis() <= expired;
      Lookup lookup = answer.getNow(NOT_YET);
      if (isUnavailable(lookup) && !last) {
        return;
      }
      judge(held.removeFirst(group), lookup);
    }
  }

  /** Ends the line of the current group, whatever becomes of those in it. */
  private void settle(String group, BiFunction<String, Integer, Lookup> look) throws Exception {
    for (HeldEvents.Place first = held.first(group); first != null; first = held.first(group)) {
      Lookup lookup = look.apply(first.type(), first.version());
      judge(held.removeFirst(group), lookup);
    }
  }

  private void judge(Event event, Lookup lookup) {
    if (!lookup.found()) {
      refuse(lookup.failureReason(), lookup.detail(), event);
      return;
    }
    JsonNode data = JSON.readTree(event.payload(), event.dataStart(), event.dataLength());
    if (!data.isObject()) {
      // ClickHouse keeps data as an object, whatever a schema allows
      refuse(FailureReason.SCHEMA_VIOLATION, "/: data must be an object", event);
      return;
    }
    Reading reading = lookup.reading();
    Reading.Result result = reading.read(data);
    if (result.done()) {
      emit(event, reading, result);
    } else if (result.failure().isEmpty()) {
      refuse(
          FailureReason.SCHEMA_VIOLATION,
          result.violations().stream().map(Violation::toString).collect(Collectors.joining("; ")),
          event.withSchemaVersion(reading.schema().version()));
    } else {
      refuse(
          FailureReason.MIGRATION_FAILED,
          "from version %d to %d: %s"
              .formatted(reading.named(), reading.version(), result.failure()),
          event.withSchemaVersion(reading.named()));
    }
  }

  private void emit(Event event, Reading reading, Reading.Result result) {
    counts.emitted();
    Upcast upcast = Upcast.none(reading.named());
    if (result.changed()) {
      counts.upcast();
      upcast = new Upcast(reading.named(), JSON.writeValueAsBytes(result.data()));
    }
    output.collect(
        new StreamRecord<>(
            new CartEvent(
                event.withSchemaVersion(reading.version()),
                CartData.of(result.data()),
                SessionContext.NONE,
                upcast)));
  }

  private void refuse(FailureReason reason, String detail, Event event) {
    counts.refused(reason);
    output.collect(
        DeadLetters.TAG, new StreamRecord<>(DeadLetters.of(reason, detail, event, clock)));
  }
}
