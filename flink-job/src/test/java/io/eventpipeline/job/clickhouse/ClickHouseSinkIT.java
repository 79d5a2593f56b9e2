package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The blocks' way into a real server, one doubt at a time. */
@WithServices(Server.CLICKHOUSE)
class ClickHouseSinkIT {
  private final ServiceKit kit;
  private final SinkMetrics metrics = new SinkMetrics();
  private TestDatabase database;
  private HttpServerClient server;

  ClickHouseSinkIT(ServiceKit kit) {
    this.kit = kit;
  }

  @BeforeEach
  void connect() {
    database = new TestDatabase(kit.clickhouse(), "events_sink_it");
    server = new HttpServerClient(database.config());
  }

  @AfterEach
  void disconnect() {
    server.close();
    database.close();
  }

  @Test
  void readsBackEverySettingFromTheQueryLog() throws Exception {
    database.readings("t", "MergeTree", 100);
    Block block = Blocks.of("t", commitId(), 10);

    lander().land(block, false);

    String insert = "query_id = '" + block.commitId() + "'";
    assertThat(logged("written_rows", insert)).isEqualTo("10");
    for (Map.Entry<String, String> setting : HttpServerClient.INSERT_SETTINGS.entrySet()) {
      // The log holds only what differs from the default: the server's value is the other half
      String logged = logged("Settings['" + setting.getKey() + "']", insert);
      String byDefault =
          database.one(
              "SELECT default FROM system.settings WHERE name = '" + setting.getKey() + "'");
      assertThat(logged.isEmpty() ? byDefault : logged)
          .as(setting.getKey())
          .isEqualTo(setting.getValue());
    }
    assertThat(logged("Settings['insert_deduplication_token']", insert))
        .isEqualTo(block.commitId());
    assertThat(logged("Settings['async_insert']", insert)).isEqualTo("0");
    assertThat(logged("Settings['max_execution_time']", insert)).isEqualTo("20");
  }

  /** Of a finished query, from the server's log, which it writes after it has answered. */
  private String logged(String what, String which) {
    String sql =
        "SELECT " + what + " FROM system.query_log WHERE type = 'QueryFinish' AND " + which;
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              database.query("SYSTEM FLUSH LOGS");
              return database.query(sql);
            },
            rows -> !rows.isEmpty())
        .get(0);
  }

  @ParameterizedTest
  @CsvSource({"MergeTree,0", "MergeTree,100", "ReplacingMergeTree,0", "ReplacingMergeTree,100"})
  void landsABlockOnceHoweverOftenItIsCommitted(String engine, int window) throws Exception {
    database.readings("t", engine, window);
    Block block = Blocks.of("t", commitId(), 60_000);

    lander().land(block, false);
    lander().land(block, true);
    lander().land(block, true);

    assertThat(database.count("t")).isEqualTo(60_000);
    assertThat(database.one("SELECT uniqExact(_part) FROM " + database.name() + ".t"))
        .isEqualTo("1");
    assertThat(metrics.reinsertedRows.sum()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"MergeTree,0", "MergeTree,100", "ReplacingMergeTree,100"})
  void completesABlockOfWhichAPartIsThere(String engine, int window) throws Exception {
    database.readings("t", engine, window);
    Block block = Blocks.of("t", commitId(), 1_000);
    BitSet part = new BitSet();
    IntStream.range(0, 1_000).filter(i -> i % 3 == 0).forEach(part::set);
    server.insert(block, "by-hand", 0, block.open().compressed(part), part.cardinality());

    lander().land(block, true);

    assertThat(database.count("t")).isEqualTo(1_000);
    assertThat(
            database.one("SELECT uniqExact(_row_no), uniqExact(id) FROM " + database.name() + ".t"))
        .isEqualTo("1000\t1000");
    assertThat(metrics.reinsertedRows.sum()).isEqualTo(1_000 - part.cardinality());
  }

  @ParameterizedTest
  @CsvSource({"0", "100"})
  void believesTheTableAndNotTheDeduplication(int window) throws Exception {
    database.readings("t", "MergeTree", window);
    Block block = Blocks.of("t", commitId(), 500);
    server.insert(block, block.commitId(), 0, block.body(), block.rows());
    // The token is remembered, the rows are gone: what a kill at the wrong moment leaves behind
    database.query("ALTER TABLE " + database.name() + ".t DROP PARTITION 202611");
    assertThat(database.count("t")).isZero();

    lander().land(block, true);

    assertThat(database.count("t")).isEqualTo(500);
  }

  @ParameterizedTest
  @CsvSource({"0", "100"})
  void keepsOutALateInsertOfAFencedBlock(int window) throws Exception {
    database.readings("t", "MergeTree", window);
    Block block = Blocks.of("t", commitId(), 2_000);
    lander().land(block, true);

    assertThatThrownBy(
            () -> server.insert(block, "late-" + commitId(), 0, block.body(), block.rows()))
        .isInstanceOf(BlockFailure.class)
        .extracting(e -> ((BlockFailure) e).errorClass())
        .isEqualTo(ErrorClass.RETRY);

    assertThat(database.count("t")).isEqualTo(2_000);
  }

  @Test
  void setsOneBadRowAsideAmongTenThousand() throws Exception {
    database.readings("t", "MergeTree", 100);
    database.query(
        "CREATE TABLE "
            + database.name()
            + ".refused (id String, code Int32,"
            + " _commit_id LowCardinality(String), _row_no UInt32)"
            + " ENGINE = MergeTree ORDER BY id");
    List<Reading> rows = new ArrayList<>(IntStream.range(0, 10_000).mapToObj(Reading::of).toList());
    rows.set(4_711, Reading.bad(4_711));
    Block block = Blocks.of("t", commitId(), rows);
    TableMapping<RejectedRow> refused =
        TableMapping.<RejectedRow>of("refused")
            .string("id", row -> row.text("id") + row.text("data"))
            .int32("code", RejectedRow::code)
            .build();
    var rejections =
        new RejectionTable(
            refused,
            LiveTable.check(server, database.name(), refused),
            java.time.Clock.systemUTC());
    var lander = new BlockLander(server, database.config(), metrics, rejections);

    lander.land(block, false);
    lander.land(block, true); // as after a restart

    assertThat(database.count("t")).isEqualTo(9_999);
    assertThat(database.query("SELECT id, code FROM " + database.name() + ".refused"))
        .containsExactly("bad-4711[4711]\t117");
  }

  @Test
  void namesTableColumnAndTypesThatDoNotFit() {
    database.query(
        "CREATE TABLE "
            + database.name()
            + ".odd (id UInt64, at DateTime64(6, 'UTC'),"
            + " value UInt8, _row_no UInt64) ENGINE = MergeTree ORDER BY id");

    assertThatThrownBy(() -> LiveTable.check(server, database.name(), Reading.mapping("odd")))
        .isInstanceOf(TableMismatchException.class)
        .hasMessageContaining("events_sink_it.odd does not fit")
        .hasMessageContaining("id: expected String, found UInt64")
        .hasMessageContaining("at: expected DateTime64(3,'UTC'), found DateTime64(6, 'UTC')")
        .hasMessageContaining("data: expected JSON, not in the table")
        .hasMessageContaining("_row_no: expected UInt32, found UInt64")
        .hasMessageContaining("_commit_id: expected String or LowCardinality(String), not in")
        .hasMessageContaining("partition key: expected 'toYYYYMM(at)', found ''");
    assertThatThrownBy(() -> LiveTable.check(server, database.name(), Reading.mapping("none")))
        .isInstanceOf(TableMismatchException.class)
        .hasMessage("there is no table events_sink_it.none");
  }

  @Test
  void leavesATableThatIsGoneToARestartWhichNamesIt() {
    Block block = Blocks.of("gone", commitId(), 3);

    assertThatThrownBy(() -> lander().land(block, false))
        .isInstanceOf(BlockFailure.class)
        .hasMessageContaining("cannot land")
        .extracting(e -> ((BlockFailure) e).errorClass())
        .isEqualTo(ErrorClass.RESTART);
    assertThatThrownBy(() -> LiveTable.check(server, database.name(), Reading.mapping("gone")))
        .isInstanceOf(TableMismatchException.class);
  }

  @Test
  void countsWithoutReadingOtherCommits() throws Exception {
    database.readings("t", "MergeTree", 0);
    for (int i = 0; i < 20; i++) {
      lander()
          .land(
              Blocks.of(
                  "t",
                  String.format("%013d-x-%s", 1_795_000_000_000L + i, UUID.randomUUID()),
                  9_000),
              false);
    }
    database.query("SYSTEM START MERGES " + database.name() + ".t");
    Block last = Blocks.of("t", commitId(), 9_000);
    lander().land(last, false);
    assertThat(server.landed(last).rows().cardinality()).isEqualTo(9_000);

    String count =
        "query LIKE 'SELECT _row_no, count()%"
            + last.commitId()
            + "%' ORDER BY read_rows DESC LIMIT 1";
    assertThat(Long.parseLong(logged("read_rows", count))).isBetween(9_000L, 2 * 9_000L);
  }

  @Test
  void knowsTheCodesByTheServersNames() {
    Map<Integer, String> known = new java.util.TreeMap<>(ErrorClass.DATA_CODES);
    known.putAll(ErrorClass.RETRY_CODES);
    known.putAll(ErrorClass.STOP_CODES);
    String codes = String.join(",", known.keySet().stream().map(String::valueOf).toList());

    assertThat(
            database.query(
                "SELECT number, errorCodeToName(toUInt32(number)) FROM numbers(1100)"
                    + " WHERE number IN ("
                    + codes
                    + ") ORDER BY number"))
        .isEqualTo(known.entrySet().stream().map(e -> e.getKey() + "\t" + e.getValue()).toList());
  }

  private BlockLander lander() {
    return new BlockLander(server, database.config(), metrics, Rejections.STOP);
  }

  private static String commitId() {
    return String.format("%013d-it-%s", System.currentTimeMillis(), UUID.randomUUID());
  }
}
