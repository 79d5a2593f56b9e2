package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.config.Secret;
import io.eventpipeline.contract.DeadLetter;
import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.job.CartData;
import io.eventpipeline.job.EnrichedEvent;
import io.eventpipeline.job.Features;
import io.eventpipeline.job.LookupStatus;
import io.eventpipeline.job.SessionContext;
import io.eventpipeline.job.StoreConfig;
import io.eventpipeline.job.Upcast;
import io.eventpipeline.job.UserProfile;
import io.eventpipeline.migrate.Migrations;
import io.eventpipeline.services.ClickHouseServer;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The three mappings against the tables that the migrations make, with values at their limits. */
@WithServices(Server.CLICKHOUSE)
class ClickHouseTablesIT {
  private static final long RECEIVED = micros("2026-11-20T10:00:00.123Z");
  private static final CartData NO_CART = new CartData("", 0, 0, 0, "", "");
  private static final String ODD = "ü€😀 \t\n\\'\"\0 end";
  private static final long DECIMAL_MAX = 999_999_999_999_999_999L;

  private final ServiceKit kit;
  private TestDatabase database;
  private HttpServerClient server;
  private ClickHouseConfig config;

  ClickHouseTablesIT(ServiceKit kit) {
    this.kit = kit;
  }

  @BeforeEach
  void migrate() {
    var clickhouse = kit.clickhouse();
    Migrations.clickhouse(
        clickhouse.httpUrl(), ClickHouseServer.ADMIN, clickhouse.password(ClickHouseServer.ADMIN));
    config =
        ClickHouseConfig.of(
            clickhouse.httpUrl(),
            ClickHouseServer.PIPELINE,
            new Secret(clickhouse.password(ClickHouseServer.PIPELINE)),
            "events");
    database = new TestDatabase(clickhouse, "events_tables_it");
    for (String table : List.of("events_raw", "events_processed", "events_errors")) {
      database.query("TRUNCATE TABLE events." + table + " SYNC");
    }
    server = new HttpServerClient(config);
  }

  @AfterEach
  void disconnect() {
    server.close();
    database.close();
  }

  @Test
  void fillsEveryColumnOfTheThreeTables() throws Exception {
    for (TableMapping<?> mapping :
        List.of(
            ClickHouseSinks.arrivals(),
            ClickHouseSinks.processed("v"),
            ClickHouseSinks.refused(),
            ClickHouseSinks.rejected("v"))) {
      List<String> filled =
          LiveTable.check(server, "events", mapping).stream().map(Block.BlockColumn::name).toList();
      List<String> live =
          server.columns(mapping.table()).stream().map(Block.BlockColumn::name).toList();

      assertThat(filled).doesNotHaveDuplicates();
      assertThat(live).containsAll(filled).hasSize(filled.size() + 1).contains("_commit_id");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-01T00:00:00Z",
        "2025-05-31T23:59:59.999999Z",
        "2026-11-30T23:59:59.999999Z",
        "2028-02-29T00:00:00.000001Z",
        "2261-12-31T23:59:59.999999Z"
      })
  void agreesWithClickHouseAboutThePartition(Instant time) throws Exception {
    long micros = TimeUnit.SECONDS.toMicros(time.getEpochSecond()) + time.getNano() / 1000;
    Event event = event("e-1", micros, "{}", 0);

    Block block = land(ClickHouseSinks.processed("v"), List.of(enriched(event)));

    assertThat(server.landed(block).rows().cardinality()).isEqualTo(1);
    assertThat(database.one("SELECT toUnixTimestamp64Micro(event_time) FROM events.processed"))
        .isEqualTo(Long.toString(micros));
  }

  @Test
  void keepsArrivalsByteForByte() throws Exception {
    byte[] junk = new byte[256];
    for (int i = 0; i < junk.length; i++) {
      junk[i] = (byte) i;
    }
    Event whole = event(ODD, RECEIVED, "{\"sku\":\"" + "ü€😀" + "\"}", 1);
    Event broken = Event.undecodable(junk, RECEIVED, 65_535, Long.MAX_VALUE);

    land(ClickHouseSinks.arrivals(), List.of(whole, broken));

    assertThat(database.query("SELECT hex(event_id), data FROM events.raw WHERE src_partition = 3"))
        .containsExactly(hex(ODD) + "\t{\"sku\":\"ü€😀\"}");
    assertThat(
            database.query(
                "SELECT hex(payload), data, src_partition, src_offset, event_id FROM events.raw"
                    + " WHERE src_partition != 3"))
        .containsExactly(
            java.util.HexFormat.of().withUpperCase().formatHex(junk)
                + "\t\t65535\t"
                + Long.MAX_VALUE
                + "\t");
  }

  @Test
  void keepsProcessedValuesAtTheirLimits() throws Exception {
    Event event = event("e-2", RECEIVED, "{}", Long.MAX_VALUE);
    var row =
        new EnrichedEvent(
            event,
            new Upcast(65_535, new byte[0]),
            NO_CART,
            new UserProfile(
                ODD,
                "DE",
                micros("2023-01-01T00:00:00Z"),
                Integer.MAX_VALUE,
                DECIMAL_MAX,
                LookupStatus.STALE),
            new StoreConfig("Kaufhaus", "Europe/Berlin", "EUR", "DE", LookupStatus.HIT),
            new SessionContext(
                RECEIVED, Integer.MAX_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE, -DECIMAL_MAX),
            new Features(23, 7, true, Long.MIN_VALUE, -1, "order", true),
            "vip,big");

    land(ClickHouseSinks.processed("0.1"), List.of(row));

    assertThat(
            database.query(
                "SELECT hex(user_segment), user_orders, user_lifetime_value, session_event_index,"
                    + " session_duration_ms, session_cart_items, session_cart_value, local_hour,"
                    + " local_weekday, is_weekend, lateness_ms, line_amount, returning_customer,"
                    + " route, user_status, store_time_zone, received_at, session_started_at,"
                    + " src_offset, job_version FROM events.processed"))
        .containsExactly(
            hex(ODD)
                + "\t2147483647\t99999999999999.9999\t2147483647\t9223372036854775807"
                + "\t-2147483648\t-99999999999999.9999\t23\t7\ttrue\t-9223372036854775808"
                + "\t-0.0001\ttrue\tvip,big\tstale\tEurope/Berlin\t2026-11-20 10:00:00.123"
                + "\t2026-11-20 10:00:00.123000\t9223372036854775807\t0.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":{\"b\":1},\"a.b\":2} | {\"a%2Eb\":2,\"a\":{\"b\":1}}",
        "{\"a\":1,\"a\":2} | {\"a\":1}",
        "{\"d\":\"2026-11-20\",\"t\":\"2026-11-20T10:00:00Z\"} | {\"d\":\"2026-11-20\",\"t\":\"2026-11-20T10:00:00Z\"}",
        "{\"big\":18446744073709551615,\"f\":0.1} | {\"big\":18446744073709551615,\"f\":0.1}",
        "{\"s\":\"\\u0000 😀\"} | {\"s\":\"\\u0000 😀\"}",
        "{\"l\":[{\"sku\":\"A\"},{\"sku\":\"B\",\"n\":2}]} | {\"l\":[{\"sku\":\"A\"},{\"n\":2,\"sku\":\"B\"}]}",
        "{} | {}"
      })
  void keepsJsonAsItWasMeant(String json, String stored) throws Exception {
    land(ClickHouseSinks.processed("v"), List.of(enriched(event("e-3", RECEIVED, json, 2))));

    assertThat(
            database.one(
                "SELECT toString(data) FROM events.processed"
                    + " SETTINGS output_format_json_quote_64bit_integers = 0"))
        .isEqualTo(stored);
  }

  @Test
  void keepsRefusals() throws Exception {
    Event event = event("e-4", RECEIVED, "{\"x\":1}", 9);
    var letter =
        new DeadLetter(
            FailureReason.SCHEMA_VIOLATION,
            "/sku: " + ODD,
            event,
            "cart-events-raw",
            RECEIVED,
            "0.1");

    land(ClickHouseSinks.refused(), List.of(letter));

    assertThat(
            database.query(
                "SELECT reason, stage, hex(detail), topic, src_offset, data, payload = "
                    + BlockSql.quote(new String(event.payload(), StandardCharsets.UTF_8))
                    + " FROM events.errors"))
        .containsExactly(
            "schema_violation\tvalidate\t"
                + hex("/sku: " + ODD)
                + "\tcart-events-raw\t9\t{\"x\":1}\t1");
  }

  @Test
  void movesARefusedEventToTheErrors() throws Exception {
    Event good = event("good", RECEIVED, "{\"x\":1}", 1);
    Event bad = event("bad", RECEIVED, "[1,2]", 2);
    TableMapping<RejectedRow> rejected = ClickHouseSinks.rejected("0.1");
    var rejections =
        new RejectionTable(
            rejected, LiveTable.check(server, "events", rejected), Clock.systemUTC());

    land(ClickHouseSinks.processed("0.1"), List.of(enriched(good), enriched(bad)), rejections);

    assertThat(database.query("SELECT event_id FROM events.processed")).containsExactly("good");
    assertThat(
            database.query(
                "SELECT event_id, reason, stage, payload, topic, src_partition, src_offset,"
                    + " detail LIKE 'events_processed refuses the row, code 117:%'"
                    + " FROM events.errors"))
        .containsExactly("bad\trow_rejected\tsink\t[1,2]\tcart-events-raw\t3\t2\t1");
  }

  private <T> Block land(TableMapping<T> mapping, List<T> rows) throws Exception {
    return land(mapping, rows, Rejections.STOP);
  }

  private <T> Block land(TableMapping<T> mapping, List<T> rows, Rejections rejections)
      throws Exception {
    var columns = LiveTable.check(server, "events", mapping);
    var builder =
        new BlockBuilder(
            mapping.table(),
            mapping.partitionExpression() + " = " + mapping.partitionOf(rows.get(0)),
            columns);
    rows.forEach(row -> builder.add(mapping, row));
    Block block =
        builder.seal(
            String.format("%013d-it-%s", System.currentTimeMillis(), UUID.randomUUID()), -1);
    new BlockLander(server, config, new SinkMetrics(), rejections).land(block, false);
    return block;
  }

  private static Event event(String id, long timeMicros, String data, long offset) {
    String head = "{\"specversion\":\"1.0\",\"data\":";
    byte[] payload = (head + data + "}").getBytes(StandardCharsets.UTF_8);
    int length = data.getBytes(StandardCharsets.UTF_8).length;
    return new Event(
        id,
        "/shop/web",
        "cart.viewed",
        1,
        timeMicros,
        "store-1",
        "u-42",
        "s-9",
        "c-7",
        payload,
        head.length(),
        length,
        RECEIVED,
        3,
        offset,
        Event.FOLLOWS_NONE);
  }

  private static EnrichedEvent enriched(Event event) {
    return new EnrichedEvent(
        event,
        new Upcast(1, new byte[0]),
        NO_CART,
        UserProfile.absent(LookupStatus.MISS),
        StoreConfig.absent(LookupStatus.UNAVAILABLE),
        SessionContext.NONE,
        new Features(0, 1, false, 0, 0, "view", false),
        "");
  }

  private static long micros(String time) {
    return Instant.parse(time).toEpochMilli() * 1000;
  }

  private static String hex(String text) {
    return java.util.HexFormat.of()
        .withUpperCase()
        .formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
