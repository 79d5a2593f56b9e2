package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.schema.Lookup;
import io.eventpipeline.schema.Schemas;
import io.eventpipeline.schema.Violation;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets events pass whose {@code data} keeps to its schema, with the version that they were held
 * against.
 *
 * <p>The others are dead letters: {@link FailureReason#UNKNOWN_TYPE}, {@link
 * FailureReason#UNKNOWN_VERSION}, {@link FailureReason#SCHEMA_VIOLATION} with the JSON pointers of
 * what is wrong, and {@link FailureReason#SCHEMA_UNAVAILABLE} when the schema is not cached and the
 * registry does not answer.
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
    List<Violation> violations = lookup.schema().validate(data);
    if (violations.isEmpty()) {
      metrics.emitted();
      Event valid = event.withSchemaVersion(lookup.schema().version());
      out.collect(new CartEvent(valid, CartData.of(data), SessionContext.NONE));
    } else {
      refuse(
          FailureReason.SCHEMA_VIOLATION,
          violations.stream().map(Violation::toString).collect(Collectors.joining("; ")),
          event.withSchemaVersion(lookup.schema().version()),
          context);
    }
  }

  private void refuse(FailureReason reason, String detail, Event event, Context context) {
    metrics.refused(reason);
    context.output(Skipped.TAG, Skipped.of(event));
    context.output(DeadLetters.TAG, DeadLetters.of(reason, detail, event, clock));
  }
}
