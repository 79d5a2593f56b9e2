package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.contract.Topics;
import io.eventpipeline.job.types.StreamTypes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Decides which topics an enriched event goes to: {@code cart-events-enriched} always, and each
 * route whose rule it meets.
 *
 * <p>The records leave through {@link #RECORDS}, the event itself through the main output: both or
 * neither. An event that became too large for Kafka is a dead letter, {@link
 * FailureReason#RECORD_TOO_LARGE}.
 */
final class RouteFunction extends ProcessFunction<EnrichedEvent, EnrichedEvent> {
  private static final long serialVersionUID = 1L;

  static final OutputTag<OutgoingRecord> RECORDS =
      new OutputTag<>("records", StreamTypes.OUTGOING_RECORD);

  private final Map<String, JobConfig.Route> routes;
  private final int recordBytesMax;
  private final Clock clock;
  private transient JobMetrics metrics;

  RouteFunction(Map<String, JobConfig.Route> routes, int recordBytesMax, Clock clock) {
    this.routes = routes;
    this.recordBytesMax = recordBytesMax;
    this.clock = clock;
  }

  @Override
  public void open(OpenContext context) {
    metrics = new JobMetrics(getRuntimeContext().getMetricGroup());
  }

  @Override
  public void processElement(EnrichedEvent in, Context context, Collector<EnrichedEvent> out) {
    metrics.consumed();
    Event event = in.event();
    List<String> names = matching(event);
    EnrichedEvent routed =
        new EnrichedEvent(
            event,
            in.upcast(),
            in.cart(),
            in.profile(),
            in.store(),
            in.session(),
            in.features(),
            String.join(",", names));
    byte[] value = EnrichedJson.of(routed, clock.millis());
    OutgoingRecord record = OutgoingRecords.enriched(Topics.ENRICHED, event, value);
    if (record.sizeBytes() > recordBytesMax) {
      metrics.refused(FailureReason.RECORD_TOO_LARGE);
      context.output(
          DeadLetters.TAG,
          DeadLetters.of(
              FailureReason.RECORD_TOO_LARGE,
              "%d bytes after enrichment, at most %d fit"
                  .formatted(record.sizeBytes(), recordBytesMax),
              event,
              clock));
      return;
    }
    context.output(RECORDS, record);
    for (String name : names) {
      context.output(RECORDS, OutgoingRecords.enriched(Topics.route(name), event, value));
    }
    metrics.emitted();
    out.collect(routed);
  }

  private List<String> matching(Event event) {
    List<String> names = new ArrayList<>();
    routes.forEach(
        (name, route) -> {
          if (route.takes(event)) {
            names.add(name);
          }
        });
    return names;
  }
}
