package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.time.Clock;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks whose rows are gone from the table for a good reason, or for none, and their views. */
@WithServices(Server.CLICKHOUSE)
class ClickHouseMergesIT {
  private static final String DATABASE = "events_merges_it";

  private final ServiceKit kit;
  private final SinkMetrics metrics = new SinkMetrics();
  private final CommitIds commitIds = new CommitIds(Clock.systemUTC(), "merges", 0, 0);
  private TestDatabase database;
  private HttpServerClient server;
  private BlockLander lander;

  ClickHouseMergesIT(ServiceKit kit) {
    this.kit = kit;
  }

  @BeforeEach
  void connect() {
    database = new TestDatabase(kit.clickhouse(), DATABASE);
    server = new HttpServerClient(database.config());
    lander = new BlockLander(server, database.config(), metrics, Rejections.STOP);
  }

  @AfterEach
  void disconnect() {
    server.close();
    database.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100})
  void leavesRowsAloneThatAMergeHasReplaced(int window) throws Exception {
    table("ReplacingMergeTree", "id", window);
    Block first = Blocks.of("t", commitId(), 30_000);
    Block second = Blocks.of("t", commitId(), 30_000);
    lander.land(first, false);
    lander.land(second, false);
    merge();
    assertThat(server.landed(first).rows().isEmpty()).isTrue();
    String sums = database.sums("t");

    lander.land(first, true);
    lander.land(second, true);
    lander.land(first, true);

    assertThat(metrics.reinsertedRows.sum()).isZero();
    assertThat(metrics.replacedRows.sum()).isEqualTo(2 * 30_000);
    assertThat(database.count("t")).isEqualTo(30_000);
    assertThat(database.sums("t")).isEqualTo(sums).startsWith("60000\t");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100})
  void tellsRowsThatAreLostFromRowsThatWereReplaced(int window) throws Exception {
    table("ReplacingMergeTree", "id", window);
    Block block = Blocks.of("t", commitId(), 1_000);
    BitSet most = new BitSet();
    most.set(100, 1_000);
    server.insert(block, "by-hand", 0, block.open().compressed(most), 900);
    // 200 to 500 come again under another commit id and take the place of the block's own
    lander.land(
        Blocks.of("t", commitId(), IntStream.range(200, 500).mapToObj(Reading::of).toList()),
        false);
    merge();

    lander.land(block, true);

    assertThat(metrics.reinsertedRows.sum()).isEqualTo(100);
    assertThat(metrics.replacedRows.sum()).isEqualTo(300);
    assertThat(database.one("SELECT count(), uniqExact(id) FROM " + DATABASE + ".t"))
        .isEqualTo("1000\t1000");
    assertThat(database.sums("t")).startsWith("1300\t");
  }

  @ParameterizedTest
  @CsvSource({"MergeTree,0", "MergeTree,100", "ReplacingMergeTree,0", "ReplacingMergeTree,100"})
  void bringsBackRowsThatAreLost(String engine, int window) throws Exception {
    table(engine, "id", window);
    Block block = Blocks.of("t", commitId(), 2_000);
    lander.land(block, false);
    database.query("ALTER TABLE " + DATABASE + ".t DROP PARTITION 202611");

    lander.land(block, true);

    assertThat(metrics.reinsertedRows.sum()).isEqualTo(2_000);
    assertThat(database.count("t")).isEqualTo(2_000);
  }

  @Test
  void keepsTheNewerVersionAndAddsIt() throws Exception {
    database.query(
        "CREATE TABLE "
            + DATABASE
            + ".v ("
            + Reading.COLUMNS
            + ") ENGINE = ReplacingMergeTree(value) PARTITION BY toYYYYMM(at)"
            + " ORDER BY (toStartOfHour(at), id)");
    Block older = states("v", "older", 4, 4, 4);
    Block newer = states("v", "newer", 5, 3, 4);
    lander.land(older, false);

    lander.land(newer, true);

    // Of the second an earlier block has a newer version; the third is no newer, but later
    assertThat(metrics.reinsertedRows.sum()).isEqualTo(2);
    assertThat(states("v")).containsExactly("id-0\t5\tnewer", "id-1\t4\tolder", "id-2\t4\tnewer");
    lander.land(older, true);
    assertThat(metrics.reinsertedRows.sum()).isEqualTo(2);
    assertThat(states("v")).containsExactly("id-0\t5\tnewer", "id-1\t4\tolder", "id-2\t4\tnewer");
  }

  /** The server died in the insert of the newer block, of which nothing was written. */
  @Test
  void addsAnUpdateThatNeverLandedToATableWithoutVersions() throws Exception {
    table("ReplacingMergeTree", "id", 0);
    Block older = states("t", "older", 1, 1, 1);
    Block newer = states("t", "newer", 2, 2, 2);
    lander.land(older, false);

    lander.land(newer, true);

    assertThat(metrics.reinsertedRows.sum()).isEqualTo(3);
    assertThat(states("t")).containsExactly("id-0\t2\tnewer", "id-1\t2\tnewer", "id-2\t2\tnewer");
    merge();
    lander.land(older, true);
    lander.land(newer, true);
    assertThat(metrics.reinsertedRows.sum()).isEqualTo(3);
    assertThat(states("t")).containsExactly("id-0\t2\tnewer", "id-1\t2\tnewer", "id-2\t2\tnewer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ReplacingMergeTree", "ReplacingMergeTree(value)"})
  void keepsTheLastOfTheRowsOfABlockThatShareAKey(String engine) throws Exception {
    table(engine, "id", 0);
    List<Reading> updates =
        IntStream.range(0, 300)
            .mapToObj(i -> new Reading("id-" + i % 100, Reading.NOVEMBER, 7, "{\"n\":" + i + "}"))
            .toList();
    Block block = Blocks.of("t", commitId(), updates);
    lander.land(block, false);
    merge();
    assertThat(database.count("t")).isEqualTo(100);

    lander.land(block, true);

    assertThat(metrics.reinsertedRows.sum()).isZero();
    assertThat(database.one("SELECT count(), min(data.n::Int64) FROM " + DATABASE + ".t FINAL"))
        .isEqualTo("100\t200");
  }

  @Test
  void findsKeysThatAreExpressionsOfOddValues() throws Exception {
    table("ReplacingMergeTree", "toStartOfHour(at), value, id", 0);
    List<Reading> odd =
        List.of(
            new Reading("", Reading.NOVEMBER, 0, "{}"),
            new Reading("a,b;c'\\\"\t\n\0", Reading.NOVEMBER + 1, 255, "{}"),
            new Reading("ü€😀", Reading.NOVEMBER + 86_400_000L - 1, 1, "{}"));
    Block first = Blocks.of("t", commitId(), odd);
    lander.land(first, false);
    lander.land(Blocks.of("t", commitId(), odd), false);
    merge();

    lander.land(first, true);

    assertThat(metrics.replacedRows.sum()).isEqualTo(3);
    assertThat(database.count("t")).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"MergeTree,0", "MergeTree,100", "ReplacingMergeTree,0", "ReplacingMergeTree,100"})
  void neverCountsARowTwiceInAView(String engine, int window) throws Exception {
    table(engine, "id", window);
    Watch watch = new Watch(3);
    var forgetful = new WatchedServer(server, watch);
    var doubting = new BlockLander(forgetful, database.config(), metrics, Rejections.STOP);

    for (int i = 0; i < 8; i++) {
      int first = i * 1_000;
      Block block =
          Blocks.of(
              "t",
              commitId(),
              IntStream.range(first, first + 1_000).mapToObj(Reading::of).toList());
      doubting.land(block, i % 5 == 0);
      doubting.land(block, true);
    }

    assertThat(watch.answersLost.get()).isPositive();
    assertThat(database.sums("t"))
        .isEqualTo(database.one("SELECT count(), sum(value) FROM " + DATABASE + ".t"))
        .startsWith("8000\t");
  }

  @Test
  void takesTheFirstAnswerOfATableWithAView() throws Exception {
    table("MergeTree", "id", 0);

    lander.land(Blocks.of("t", commitId(), 1_000), false);

    assertThat(metrics.doubts.sum()).isZero();
  }

  @Test
  void doublesNothingWhenAViewRefusesWhatTheTableTook() throws Exception {
    database.readings("t", "MergeTree", 0);
    database.query("CREATE TABLE " + DATABASE + ".n (n UInt8) ENGINE = MergeTree ORDER BY n");
    database.query(
        "CREATE MATERIALIZED VIEW "
            + DATABASE
            + ".to_n TO "
            + DATABASE
            + ".n AS SELECT toUInt8(if(value = 150, 'no', '1')) AS n FROM "
            + DATABASE
            + ".t");
    Block block = Blocks.of("t", commitId(), 5_000);

    lander.land(block, false);
    lander.land(block, true);
    BitSet half = new BitSet();
    half.set(0, 2_500);
    Block other = Blocks.of("t", commitId(), 5_000);
    assertThatThrownBy(
            () -> server.insert(other, "by-hand", 0, other.open().compressed(half), 2_500))
        .isInstanceOf(BlockFailure.class);
    lander.land(other, true);

    assertThat(
            database.one("SELECT count(), uniqExact(_commit_id, _row_no) FROM " + DATABASE + ".t"))
        .isEqualTo("10000\t10000");
  }

  @Test
  void keepsARowAsideThoughTheTableWouldTakeItByNow() throws Exception {
    database.readings("t", "MergeTree", 0);
    database.query("ALTER TABLE " + DATABASE + ".t ADD CONSTRAINT small CHECK value < 100");
    database.query(
        "CREATE TABLE "
            + DATABASE
            + ".refused (id String, _commit_id String, _row_no UInt32)"
            + " ENGINE = MergeTree ORDER BY id");
    TableMapping<RejectedRow> refused =
        TableMapping.<RejectedRow>of("refused").string("id", row -> row.text("id")).build();
    var rejections =
        new RejectionTable(refused, LiveTable.check(server, DATABASE, refused), Clock.systemUTC());
    var setting = new BlockLander(server, database.config(), metrics, rejections);
    Block block = Blocks.of("t", commitId(), 110);
    setting.land(block, false);
    assertThat(database.count("t")).isEqualTo(100);
    database.query("ALTER TABLE " + DATABASE + ".t DROP CONSTRAINT small");

    setting.land(block, true);

    assertThat(database.count("t")).isEqualTo(100);
    assertThat(database.count("refused")).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SummingMergeTree ORDER BY id",
        "AggregatingMergeTree ORDER BY id",
        "Memory",
        "Null",
      })
  void refusesEnginesInWhichARowCannotBeFoundAgain(String engine) {
    database.query("CREATE TABLE " + DATABASE + ".odd (" + columns() + ") ENGINE = " + engine);

    assertThatThrownBy(() -> LiveTable.check(server, DATABASE, Reading.mapping("odd")))
        .isInstanceOf(TableMismatchException.class)
        .hasMessageContaining("engine: expected MergeTree or ReplacingMergeTree, found ");
  }

  @Test
  void refusesAKeyThatTheMappingDoesNotFill() {
    database.query(
        "CREATE TABLE "
            + DATABASE
            + ".odd ("
            + columns()
            + ", ver UInt64 DEFAULT 1, extra String DEFAULT '') ENGINE = ReplacingMergeTree(ver)"
            + " PARTITION BY toYYYYMM(at) ORDER BY (id, lower(extra))");

    assertThatThrownBy(() -> LiveTable.check(server, DATABASE, Reading.mapping("odd")))
        .isInstanceOf(TableMismatchException.class)
        .hasMessageContaining("not filled by the mapping: [extra, ver]");
  }

  private static String columns() {
    return Reading.COLUMNS.substring(0, Reading.COLUMNS.indexOf(", INDEX"));
  }

  /** Table {@code t} with a view that sums. */
  private void table(String engine, String key, int window) {
    database.query(
        "CREATE TABLE "
            + DATABASE
            + ".t ("
            + Reading.COLUMNS
            + ") ENGINE = "
            + engine
            + " PARTITION BY toYYYYMM(at) ORDER BY ("
            + key
            + ") SETTINGS non_replicated_deduplication_window = "
            + window);
    database.summed("t", window);
  }

  private void merge() {
    database.query("OPTIMIZE TABLE " + DATABASE + ".t FINAL");
  }

  /** Rows {@code id-0} and so on with these values; each says whose it is. */
  private Block states(String table, String whose, int... values) {
    return Blocks.of(
        table,
        commitId(),
        IntStream.range(0, values.length)
            .mapToObj(
                i ->
                    new Reading(
                        "id-" + i, Reading.NOVEMBER, values[i], "{\"of\":\"" + whose + "\"}"))
            .toList());
  }

  /** What a reader sees. */
  private List<String> states(String table) {
    return database.query(
        "SELECT id, value, data.of FROM " + DATABASE + "." + table + " FINAL ORDER BY id");
  }

  /** Later than every one before, also within a millisecond. */
  private String commitId() {
    return commitIds.next();
  }
}
