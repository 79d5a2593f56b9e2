package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.schema.Lookup;
import io.eventpipeline.schema.Reading;
import io.eventpipeline.schema.Schemas;
import io.eventpipeline.schema.Violation;
import java.time.Clock;
import java.util.stream.Collectors;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
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
 * what is wrong, {@link FailureReason#MIGRATION_FAILED}, and {@link
 * FailureReason#SCHEMA_UNAVAILABLE} when the schema is not cached and the registry does not answer.
 */
final class ValidateFunction extends ProcessFunction<Event, CartEvent> {
  private static final long serialVersionUID = 1L;

  /** Amounts stay decimals: a binary 0.1 is no multiple of 0.01. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final SchemaSource source;
  private final Clock clock;
  private transient Schemas schemas;
  private transient JobMetrics metrics;

  ValidateFunction(SchemaSource source, Clock clock) {
    this.source = source;
    this.clock = clock;
  }

  @Override
  public void open(OpenContext context) throws Exception {
    metrics = new JobMetrics(getRuntimeContext().getMetricGroup());
    schemas = source.open();
  }

  @Override
  public void close() {
    if (schemas != null) {
      schemas.close();
    }
  }

  @Override
  public void processElement(Event event, Context context, Collector<CartEvent> out) {
    metrics.consumed();
    Lookup lookup = schemas.find(event.type(), event.schemaVersion());
    if (!lookup.found()) {
      refuse(lookup.failureReason(), lookup.detail(), event, context);
      return;
    }
    JsonNode data = JSON.readTree(event.payload(), event.dataStart(), event.dataLength());
    if (!data.isObject()) {
      // ClickHouse keeps data as an object, whatever a schema allows
      refuse(FailureReason.SCHEMA_VIOLATION, "/: data must be an object", event, context);
      return;
    }
    Reading reading = lookup.reading();
    Reading.Result result = reading.read(data);
    if (result.done()) {
      emit(event, reading, result, out);
    } else if (result.failure().isEmpty()) {
      refuse(
          FailureReason.SCHEMA_VIOLATION,
          result.violations().stream().map(Violation::toString).collect(Collectors.joining("; ")),
          event.withSchemaVersion(reading.schema().version()),
          context);
    } else {
      refuse(
          FailureReason.MIGRATION_FAILED,
          "from version %d to %d: %s"
              .formatted(reading.named(), reading.version(), result.failure()),
          event.withSchemaVersion(reading.named()),
          context);
    }
  }

  private void emit(Event event, Reading reading, Reading.Result result, Collector<CartEvent> out) {
    metrics.emitted();
    Upcast upcast = Upcast.none(reading.named());
    if (result.changed()) {
      metrics.upcast();
      upcast = new Upcast(reading.named(), JSON.writeValueAsBytes(result.data()));
    }
    out.collect(
        new CartEvent(
            event.withSchemaVersion(reading.version()),
            CartData.of(result.data()),
            SessionContext.NONE,
            upcast));
  }

  private void refuse(FailureReason reason, String detail, Event event, Context context) {
    metrics.refused(reason);
    context.output(Skipped.TAG, Skipped.of(event));
    context.output(DeadLetters.TAG, DeadLetters.of(reason, detail, event, clock));
  }
}
