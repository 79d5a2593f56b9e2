package io.eventpipeline.job.clickhouse;

import io.eventpipeline.contract.DeadLetter;
import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.EventLimits;
import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.contract.Topics;
import io.eventpipeline.job.EnrichedEvent;
import java.io.Serializable;
import java.util.function.Function;
import org.apache.flink.api.connector.sink2.Sink;

/** The three tables of {@code deploy/clickhouse}, each with the sink that fills it. */
public final class ClickHouseSinks {
  private ClickHouseSinks() {}

  /** {@code events_raw}: every event as it arrived; no row of it can be refused. */
  public static Sink<Event> arrivals(ClickHouseConfig config) {
    return ClickHouseSink.<Event>builder().config(config).mapping(arrivals()).build();
  }

  /**
   * {@code events_processed}: enriched events. One that ClickHouse refuses goes to {@code
   * events_errors} as {@link FailureReason#ROW_REJECTED}, by the same verified inserts. It does not
   * pass through Kafka's dead letters: when ClickHouse refuses, its checkpoint is over.
   *
   * @param jobVersion stored with each row
   */
  public static Sink<EnrichedEvent> processed(ClickHouseConfig config, String jobVersion) {
    return ClickHouseSink.<EnrichedEvent>builder()
        .config(config)
        .mapping(processed(jobVersion))
        .rejections(rejected(jobVersion))
        .build();
  }

  /** {@code events_errors}: refusals. */
  public static Sink<DeadLetter> refused(ClickHouseConfig config) {
    return ClickHouseSink.<DeadLetter>builder().config(config).mapping(refused()).build();
  }

  static TableMapping<Event> arrivals() {
    TableMapping.Builder<Event> columns = TableMapping.of("events_raw");
    columns.partitionByMonth("received_at", 6, Event::receivedAtMicros);
    return event(columns, event -> event)
        .bytes("payload", (event, out) -> out.bytes(event.payload(), 0, event.payload().length))
        .build();
  }

  static TableMapping<EnrichedEvent> processed(String jobVersion) {
    TableMapping.Builder<EnrichedEvent> columns = TableMapping.of("events_processed");
    columns.partitionByMonth("event_time", 6, row -> row.event().timeMicros());
    return event(columns, EnrichedEvent::event)
        .dateTime64("processed_at", 3, row -> System.currentTimeMillis())
        .json(
            "data",
            (row, out) -> {
              Event event = row.event();
              byte[] upcast = row.upcast().data();
              if (row.upcast().changed()) {
                out.bytes(upcast, 0, upcast.length);
              } else {
                out.bytes(event.payload(), event.dataStart(), event.dataLength());
              }
            })
        .uint16("event_schema_version", row -> row.upcast().named())
        .lowCardinality("route", EnrichedEvent::route)
        .lowCardinality("user_segment", row -> row.profile().segment())
        .lowCardinality("user_country", row -> row.profile().country())
        .dateTime64("user_signup_at", 6, row -> row.profile().signupAtMicros())
        .uint32("user_orders", row -> row.profile().orders())
        .decimal64("user_lifetime_value", 4, row -> row.profile().lifetimeValueE4())
        .lowCardinality("user_status", row -> row.profile().status().code())
        .lowCardinality("store_name", row -> row.store().name())
        .lowCardinality("store_time_zone", row -> row.store().timeZone())
        .lowCardinality("store_currency", row -> row.store().currency())
        .lowCardinality("store_country", row -> row.store().country())
        .lowCardinality("store_status", row -> row.store().status().code())
        .dateTime64("session_started_at", 6, row -> row.session().startedAtMicros())
        .uint32("session_event_index", row -> row.session().eventIndex())
        .uint64("session_duration_ms", row -> row.session().durationMillis())
        .int32("session_cart_items", row -> row.session().cartItems())
        .decimal64("session_cart_value", 4, row -> row.session().cartValueE4())
        .uint8("local_hour", row -> row.features().localHour())
        .uint8("local_weekday", row -> row.features().localWeekday())
        .bool("is_weekend", row -> row.features().weekend())
        .int64("lateness_ms", row -> row.features().latenessMillis())
        .decimal64("line_amount", 4, row -> row.features().lineAmountE4())
        .lowCardinality("funnel_step", row -> row.features().funnelStep())
        .bool("returning_customer", row -> row.features().returningCustomer())
        .lowCardinality("job_version", row -> jobVersion)
        .build();
  }

  static TableMapping<DeadLetter> refused() {
    TableMapping.Builder<DeadLetter> columns = TableMapping.of("events_errors");
    columns.partitionByMonth("received_at", 6, row -> row.event().receivedAtMicros());
    return event(columns, DeadLetter::event)
        .dateTime64("failed_at", 6, DeadLetter::failedAtMicros)
        .lowCardinality("reason", row -> row.reason().code())
        .lowCardinality("stage", row -> row.reason().stage().code())
        .string("detail", DeadLetter::detail)
        .bytes(
            "payload",
            (row, out) -> out.bytes(row.event().payload(), 0, row.event().payload().length))
        .lowCardinality("topic", DeadLetter::topic)
        .lowCardinality("job_version", DeadLetter::jobVersion)
        .build();
  }

  /**
   * The payload is the refused {@code data}: the row never held more. The whole envelope is in
   * {@code events_raw} and in Kafka at the same partition and offset.
   */
  static TableMapping<RejectedRow> rejected(String jobVersion) {
    FailureReason reason = FailureReason.ROW_REJECTED;
    return TableMapping.<RejectedRow>of("events_errors")
        .partitionByMonth("received_at", 3, row -> row.number("received_at"))
        .string("event_id", row -> row.text("event_id"))
        .lowCardinality("source", row -> row.text("source"))
        .lowCardinality("event_type", row -> row.text("event_type"))
        .uint16("schema_version", row -> (int) row.number("schema_version"))
        .dateTime64("event_time", 6, row -> row.number("event_time"))
        .dateTime64("received_at", 3, row -> row.number("received_at"))
        .lowCardinality("store_id", row -> row.text("store_id"))
        .string("user_id", row -> row.text("user_id"))
        .string("session_id", row -> row.text("session_id"))
        .string("cart_id", row -> row.text("cart_id"))
        .uint16("src_partition", row -> (int) row.number("src_partition"))
        .uint64("src_offset", row -> row.number("src_offset"))
        .dateTime64("failed_at", 6, RejectedRow::failedAtMicros)
        .lowCardinality("reason", row -> reason.code())
        .lowCardinality("stage", row -> reason.stage().code())
        .string("detail", row -> detail(row))
        .bytes(
            "payload",
            (row, out) -> {
              byte[] data = row.bytes("data");
              out.bytes(data, 0, data.length);
            })
        .lowCardinality("topic", row -> Topics.RAW)
        .lowCardinality("job_version", row -> jobVersion)
        .build();
  }

  private static String detail(RejectedRow row) {
    String detail = row.table() + " refuses the row, code " + row.code() + ": " + row.message();
    return detail.substring(0, Math.min(detail.length(), EventLimits.DETAIL_CHARS_MAX));
  }

  /** A serialisable way from the row to the event in it. */
  private interface EventOf<T> extends Function<T, Event>, Serializable {}

  /** The columns that all three tables have. */
  private static <T> TableMapping.Builder<T> event(
      TableMapping.Builder<T> columns, EventOf<T> event) {
    return columns
        .string("event_id", row -> event.apply(row).id())
        .lowCardinality("source", row -> event.apply(row).source())
        .lowCardinality("event_type", row -> event.apply(row).type())
        .uint16("schema_version", row -> event.apply(row).schemaVersion())
        .dateTime64("event_time", 6, row -> event.apply(row).timeMicros())
        .dateTime64(
            "received_at", 3, row -> Math.floorDiv(event.apply(row).receivedAtMicros(), 1000))
        .lowCardinality("store_id", row -> event.apply(row).storeId())
        .string("user_id", row -> event.apply(row).userId())
        .string("session_id", row -> event.apply(row).sessionId())
        .string("cart_id", row -> event.apply(row).cartId())
        .uint16("src_partition", row -> event.apply(row).partition())
        .uint64("src_offset", row -> event.apply(row).offset());
  }
}
