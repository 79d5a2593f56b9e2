package io.eventpipeline.job;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.eventpipeline.contract.DeadLetter;
import io.eventpipeline.job.types.StreamTypes;
import java.time.Clock;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The whole flow, read from top to bottom:
 *
 * <pre>
 * raw-events -> decode -> dedup -> order -> validate -> session -> enrich -> derive -> route -> processed
 *                 |         |                  |  |                                      |
 *                 |         +------------------+--|-------- refusals --------------------+--> refused
 *                 +--> arrivals                   +--> validated                         +--> enriched, routed
 * </pre>
 *
 * <p>Nothing vanishes: every record that is read is an arrival and then exactly one of processed,
 * refused and duplicate; duplicates are only counted. What the steps count is in {@link
 * JobMetrics}. Order comes before validation, since an event whose schema nobody can tell yet is
 * held there, and those behind it in its session with it: further up they would be on their way for
 * longer than a checkpoint, and no order could be told. The session comes before the enrichment so
 * that what crosses the network between them is small, and a slow look-up cannot change an order.
 */
final class EventTopology {
  private EventTopology() {}

  static void define(
      StreamExecutionEnvironment env,
      Source<RawEvent, ?, ?> source,
      SchemaSource schemas,
      Sinks sinks,
      JobConfig config,
      Clock clock) {
    var raw =
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "raw-events").uid("raw-events");

    var decoded =
        raw.process(new DecodeFunction(config.order(), clock), StreamTypes.EVENT)
            .uid("decode")
            .name("decode");
    var unique =
        decoded
            .keyBy(EventKeys::identity)
            .process(new DedupFunction(config.dedup(), clock), StreamTypes.EVENT)
            .uid("dedup")
            .name("dedup");
    var skipped = unique.getSideOutput(Skipped.TAG);
    var ordered =
        unique
            .connect(skipped)
            .keyBy(EventKeys::group, Skipped::group, Types.STRING)
            .transform(
                "order",
                StreamTypes.EVENT,
                new HoldingCoOperator<>(new OrderFunction(config.order())))
            .uid("order");
    var valid =
        DataStreamUtils.reinterpretAsKeyedStream(ordered, EventKeys::group, Types.STRING)
            .transform(
                "validate",
                StreamTypes.CART_EVENT,
                new ValidateOperator(schemas, config.registry(), clock))
            .uid("validate");
    var visits =
        DataStreamUtils.reinterpretAsKeyedStream(valid, EventKeys::group, Types.STRING)
            .transform(
                "session",
                StreamTypes.CART_EVENT,
                new HoldingOperator<>(new SessionFunction(config.sessions().gap())))
            .uid("session");
    // In order, or a session's events would overtake each other
    var enriched =
        AsyncDataStream.orderedWait(
                visits,
                new EnrichFunction(config.redis(), config.postgres(), config.enrich()),
                0, // the function keeps the time
                MILLISECONDS,
                config.enrich().inFlightMax())
            .uid("enrich")
            .name("enrich");
    var routed =
        enriched
            .map(new DeriveFunction())
            .uid("derive")
            .name("derive")
            .process(new RouteFunction(config.routes(), config.kafka().recordBytesMax(), clock))
            .uid("route")
            .name("route");

    DataStream<DeadLetter> refused =
        decoded
            .getSideOutput(DeadLetters.TAG)
            .union(
                unique.getSideOutput(DeadLetters.TAG),
                valid.getSideOutput(DeadLetters.TAG),
                routed.getSideOutput(DeadLetters.TAG));
    var validatedRecords =
        valid
            .map(OutgoingRecords::validated)
            .returns(StreamTypes.OUTGOING_RECORD)
            .uid("validated-records")
            .name("validated-records");
    int recordBytesMax = config.kafka().recordBytesMax();
    var deadLetterRecords =
        refused
            .map(letter -> OutgoingRecords.deadLetter(letter, recordBytesMax))
            .returns(StreamTypes.OUTGOING_RECORD)
            .uid("dead-letter-records")
            .name("dead-letter-records");
    var activity =
        routed
            .flatMap(new UserActivityFunction(config.users().seenEvery()))
            .uid("user-activity")
            .name("user-activity");

    sinks.arrivals().accept(decoded.getSideOutput(DecodeFunction.ARRIVALS));
    sinks.processed().accept(routed);
    sinks.refused().accept(refused);
    sinks
        .kafka()
        .accept(
            routed.getSideOutput(RouteFunction.RECORDS).union(validatedRecords, deadLetterRecords));
    sinks.users().accept(activity);
  }
}
