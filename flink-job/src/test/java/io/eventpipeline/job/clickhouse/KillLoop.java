package io.eventpipeline.job.clickhouse;

import static org.awaitility.Awaitility.await;

import io.eventpipeline.services.ClickHouseServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes rows of several months into four tables at once, {@code MergeTree} and {@code
 * ReplacingMergeTree} with and without a deduplication window, while ClickHouse is killed with
 * SIGKILL at random instants inside inserts and answers are lost on their way; then counts.
 *
 * <p>Every table feeds a materialized view whose target keeps each row that the view was ever
 * given: a row that was inserted twice shows there, even after the table has merged it away.
 */
final class KillLoop {
  static final List<KillTable> TABLES =
      List.of(
          new KillTable("plain_bare", "MergeTree", 0),
          new KillTable("plain_window", "MergeTree", 1000),
          new KillTable("replacing_bare", "ReplacingMergeTree", 0),
          new KillTable("replacing_window", "ReplacingMergeTree", 1000));

  private static final int KILLS_MAX = 50;

  private final ClickHouseServer clickhouse;
  private final TestDatabase database;
  private final Watch watch;
  private final Random random;
  private int interrupted;

  /** One kind of table. */
  record KillTable(String name, String engine, int window) {}

  /** What was written into a table, what came of it. */
  record Verdict(String table, long written, long lost, long doubled, long viewShort) {
    @Override
    public String toString() {
      return String.format(
          "%-16s %9d rows written, %d lost, %d doubled; view: %d short",
          table, written, lost, doubled, viewShort);
    }
  }

  /** Writes rows into one table until it is told to stop; returns how many ids it wrote. */
  interface Writing {
    long into(KillTable table, AtomicBoolean stop) throws Exception;
  }

  KillLoop(ClickHouseServer clickhouse, TestDatabase database, Watch watch, long seed) {
    this.clickhouse = clickhouse;
    this.database = database;
    this.watch = watch;
    this.random = new Random(seed);
    TABLES.forEach(this::create);
  }

  /** Inserts that were under way when ClickHouse was killed. */
  int interrupted() {
    return interrupted;
  }

  private void create(KillTable table) {
    String name = database.name() + "." + table.name();
    database.query(
        "CREATE TABLE "
            + name
            + " ("
            + Reading.COLUMNS
            + ") ENGINE = "
            + table.engine()
            + " PARTITION BY toYYYYMM(at) ORDER BY id SETTINGS non_replicated_deduplication_window = "
            + table.window());
    database.query(
        "CREATE TABLE "
            + name
            + "_seen (id String) ENGINE = MergeTree ORDER BY id"
            + " SETTINGS non_replicated_deduplication_window = "
            + table.window());
    database.query(
        "CREATE MATERIALIZED VIEW "
            + name
            + "_view TO "
            + name
            + "_seen AS SELECT id FROM "
            + name);
  }

  /**
   * Runs until ClickHouse has been killed so often, or more often if all these kills fell between
   * two inserts, then lets every writer finish.
   */
  List<Verdict> run(int kills, Writing writing) throws Exception {
    var stop = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(TABLES.size());
    try {
      List<Future<Long>> writers = new ArrayList<>();
      for (KillTable table : TABLES) {
        Callable<Long> writer = () -> writing.into(table, stop);
        writers.add(threads.submit(writer));
      }
      for (int kill = 0; kill < kills || (interrupted == 0 && kill < KILLS_MAX); kill++) {
        killInsideAnInsert(writers);
      }
      stop.set(true);
      List<Verdict> verdicts = new ArrayList<>();
      for (int i = 0; i < writers.size(); i++) {
        verdicts.add(judge(TABLES.get(i), writers.get(i).get(5, TimeUnit.MINUTES)));
      }
      return verdicts;
    } finally {
      stop.set(true);
      threads.shutdownNow();
    }
  }

  private void killInsideAnInsert(List<Future<Long>> writers) {
    int before = watch.landed.get();
    Duration patience = Duration.ofMinutes(3);
    await().atMost(patience).until(() -> watch.landed.get() >= before + 4 || anyDone(writers));
    await()
        .atMost(patience)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> watch.inserting.get() > 0 || anyDone(writers));
    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(150_000)));
    interrupted += watch.inserting.get();
    clickhouse.kill();
    clickhouse.start();
  }

  /** A writer ends early only when it failed: its exception comes out at the end. */
  private static boolean anyDone(List<Future<Long>> writers) {
    return writers.stream().anyMatch(Future::isDone);
  }

  private Verdict judge(KillTable table, long written) {
    String name = database.name() + "." + table.name();
    long ids = number("SELECT uniqExact(id) FROM " + name);
    long rows = number("SELECT count() FROM " + name);
    long seen = number("SELECT count() FROM " + name + "_seen");
    long seenIds = number("SELECT uniqExact(id) FROM " + name + "_seen");
    return new Verdict(
        table.name(),
        written,
        written - ids,
        Math.max(rows - ids, seen - seenIds),
        written - seenIds);
  }

  private long number(String sql) {
    // The first question after a kill may meet a connection that died with the server
    return await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .until(() -> Long.parseLong(database.one(sql)), answer -> true);
  }
}
