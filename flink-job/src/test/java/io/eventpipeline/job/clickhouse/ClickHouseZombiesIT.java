package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.job.clickhouse.KillLoop.KillTable;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Earlier attempts that are not dead: in a socket, in the server, in a process that was paused. */
@WithServices(Server.CLICKHOUSE)
class ClickHouseZombiesIT {
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final int BLOCKS = Integer.getInteger("blocks", 5);

  private final ServiceKit kit;
  private final SinkMetrics metrics = new SinkMetrics();
  private TestDatabase database;
  private HttpServerClient server;

  ClickHouseZombiesIT(ServiceKit kit) {
    this.kit = kit;
  }

  @BeforeEach
  void connect() {
    database = new TestDatabase(kit.clickhouse(), "events_zombies_it");
    server = new HttpServerClient(database.config());
  }

  @AfterEach
  void disconnect() {
    server.close();
    database.close();
  }

  /**
   * Below 256 KiB ClickHouse reads the whole body before it starts, above it it has started.
   *
   * @param later what the id of a later try has behind that of the first
   */
  @ParameterizedTest
  @CsvSource({"100,0,''", "100,100,-1-0", "50000,0,-1-0", "50000,100,''"})
  void endsAnInsertThatIsHalfway(int rows, int window, String later) throws Exception {
    database.readings("t", "MergeTree", window);
    Block block = noise(rows);
    String token = block.commitId() + later;
    try (var zombie = HalfSentInsert.of(database.config(), block, token)) {
      if (rows > 1_000) {
        await()
            .atMost(Duration.ofSeconds(30))
            .until(
                () ->
                    !database
                        .one(
                            "SELECT count() FROM system.processes WHERE query_id = '" + token + "'")
                        .equals("0"));
      }
      var landing =
          CompletableFuture.runAsync(
              () -> {
                try {
                  lander(server).land(block, true);
                } catch (BlockFailure | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      // The server has been told to end the insert and still waits for the rest of its body
      await().pollDelay(Duration.ofSeconds(1)).until(() -> true);

      zombie.finish();

      landing.get(2, TimeUnit.MINUTES);
      assertThat(database.count("t")).isEqualTo(rows);
      assertThat(metrics.reinsertedRows.sum()).isIn(0L, (long) rows);
    }
  }

  /**
   * Three committers at once for each block, as after a restart with the old TaskManager alive,
   * each held up before any call: whatever the order, every row is there once. {@code -Dblocks=50}
   * for more of each table's.
   */
  @Test
  void letsContendersLandABlockOnce() throws Exception {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    KillLoop.TABLES.forEach(
        table -> database.readings(table.name(), table.engine(), table.window()));
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Future<?>> landings = new ArrayList<>();
      for (int i = 0; i < BLOCKS; i++) {
        for (KillTable table : KillLoop.TABLES) {
          // Rows of its own: equal keys would be one row to a table that replaces
          var rows = IntStream.range(i * 200, (i + 1) * 200).mapToObj(Reading::of).toList();
          Block block = Blocks.of(table.name(), commitId(), rows);
          for (int contender = 0; contender < 3; contender++) {
            boolean inDoubt = contender > 0;
            long seed = random.nextLong();
            landings.add(
                threads.submit(
                    () -> {
                      lander(hesitating(seed)).land(block, inDoubt);
                      return null;
                    }));
          }
        }
      }
      for (Future<?> landing : landings) {
        landing.get(5, TimeUnit.MINUTES);
      }
      for (KillTable table : KillLoop.TABLES) {
        assertThat(
                database.one(
                    "SELECT count(), uniqExact(_commit_id, _row_no) FROM events_zombies_it."
                        + table.name()))
            .as("%s, seed %s", table.name(), SEED)
            .isEqualTo(BLOCKS * 200 + "\t" + BLOCKS * 200);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void takesABlockOverFromAHostWhoseClockIsAhead() throws Exception {
    database.readings("t", "MergeTree", 0);
    Block block = Blocks.of("t", commitId(), 1_000);
    long anHourAhead = (System.currentTimeMillis() + 3_600_000) << 20;
    long theirs = server.fence(block, anHourAhead);

    lander(server).land(block, true);

    assertThat(database.count("t")).isEqualTo(1_000);
    assertThatThrownBy(
            () -> server.insert(block, "late-" + commitId(), theirs, block.body(), block.rows()))
        .isInstanceOf(BlockFailure.class);
    assertThat(database.count("t")).isEqualTo(1_000);
  }

  /**
   * A committer that stands still before it sets a row aside: meanwhile the table was altered, and
   * another committer has landed the row.
   */
  @Test
  void writesNoDeadLetterAboutARowThatAnotherHasLanded() throws Exception {
    database.readings("t", "MergeTree", 0);
    database.query("ALTER TABLE events_zombies_it.t ADD CONSTRAINT small CHECK value < 100");
    database.query(
        "CREATE TABLE events_zombies_it.refused"
            + " (id String, _commit_id LowCardinality(String), _row_no UInt32)"
            + " ENGINE = MergeTree ORDER BY id");
    TableMapping<RejectedRow> refused =
        TableMapping.<RejectedRow>of("refused").string("id", row -> row.text("id")).build();
    var rejections =
        new RejectionTable(
            refused, LiveTable.check(server, database.name(), refused), Clock.systemUTC());
    Block block = Blocks.of("t", commitId(), 101); // the last row has the value 100
    var overtaken = new AtomicBoolean();
    Rejections standingStill =
        (of, number, row, why, aside) -> {
          if (overtaken.compareAndSet(false, true)) {
            database.query("ALTER TABLE events_zombies_it.t DROP CONSTRAINT small");
            new BlockLander(server, database.config(), metrics, rejections).land(block, true);
          }
          rejections.setAside(of, number, row, why, aside);
        };

    new BlockLander(server, database.config(), metrics, standingStill).land(block, false);

    assertThat(overtaken).isTrue();
    assertThat(database.count("t")).isEqualTo(101);
    assertThat(database.count("refused")).isZero();
  }

  /** Waits up to 30 ms before each call; one in eight waits up to 300. */
  private io.eventpipeline.job.clickhouse.Server hesitating(long seed) {
    var random = new Random(seed);
    Class<io.eventpipeline.job.clickhouse.Server> type =
        io.eventpipeline.job.clickhouse.Server.class;
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              int millis = random.nextInt(random.nextInt(8) == 0 ? 300 : 30);
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
              try {
                return method.invoke(server, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private BlockLander lander(io.eventpipeline.job.clickhouse.Server through) {
    return new BlockLander(through, database.config(), metrics, Rejections.STOP);
  }

  /** Rows that do not compress, so that the body is as long as it looks. */
  private static Block noise(int rows) {
    var random = new Random(rows);
    List<Reading> readings = new ArrayList<>(rows);
    for (int i = 0; i < rows; i++) {
      String id = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
      readings.add(new Reading(id, Reading.NOVEMBER + i, i % 200, "{}"));
    }
    return Blocks.of("t", commitId(), readings);
  }

  private static String commitId() {
    return String.format("%013d-it-%s", System.currentTimeMillis(), UUID.randomUUID());
  }
}
