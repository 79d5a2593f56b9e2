package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Kills ClickHouse with SIGKILL at random instants inside inserts and loses answers, into tables
 * with and without a deduplication window. {@code -Dkills=N -Dseed=S} for more, or for the same
 * schedule again.
 */
@WithServices(Server.CLICKHOUSE)
class ClickHouseKillIT {
  private static final int ROWS = 20_000;

  private final ServiceKit kit;

  ClickHouseKillIT(ServiceKit kit) {
    this.kit = kit;
  }

  @Test
  void losesNothingAndDoublesNothing() throws Exception {
    int kills = Integer.getInteger("kills", 24);
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    var stop = new AtomicBoolean();
    ExecutorService writers = Executors.newFixedThreadPool(2);
    try (var database = new TestDatabase(kit.clickhouse(), "events_kill_it");
        var server = new WatchedServer(new HttpServerClient(database.config()), seed)) {
      database.readings("window", "MergeTree", 100);
      database.readings("bare", "MergeTree", 0);
      var lander = new BlockLander(server, database.config(), new SinkMetrics(), Rejections.STOP);
      Future<Integer> window = writers.submit(() -> write(lander, "window", stop));
      Future<Integer> bare = writers.submit(() -> write(lander, "bare", stop));
      for (int kill = 0; kill < kills; kill++) {
        int before = server.landed.get();
        await().atMost(Duration.ofMinutes(2)).until(() -> server.landed.get() >= before + 2);
        await()
            .atMost(Duration.ofMinutes(2))
            .pollInterval(Duration.ofMillis(1))
            .until(() -> server.inserting.get() > 0);
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(150_000)));
        kit.clickhouse().kill();
        kit.clickhouse().start();
      }
      stop.set(true);
      int toWindow = window.get(2, TimeUnit.MINUTES);
      int toBare = bare.get(2, TimeUnit.MINUTES);
      System.out.printf(
          "seed %d, %d kills, %d answers lost, %d inserts in doubt; counted %d all, %d none, %d some%n",
          seed,
          kills,
          server.answersLost.get(),
          server.interrupted.get(),
          server.foundAll.get(),
          server.foundNone.get(),
          server.foundSome.get());
      judge(database, "window", toWindow, seed);
      judge(database, "bare", toBare, seed);
      assertThat(server.interrupted.get())
          .as("kills that hit an insert")
          .isGreaterThan(server.answersLost.get());
    } finally {
      stop.set(true);
      writers.shutdownNow();
    }
  }

  private static int write(BlockLander lander, String table, AtomicBoolean stop) throws Exception {
    int rows = 0;
    while (!stop.get()) {
      List<Reading> batch = new ArrayList<>(ROWS);
      for (int i = 0; i < ROWS; i++) {
        batch.add(Reading.of(rows++));
      }
      Block block =
          Blocks.of(
              table,
              String.format("%013d-kill-%s", System.currentTimeMillis(), UUID.randomUUID()),
              batch);
      lander.land(block, false);
    }
    return rows;
  }

  private static void judge(TestDatabase database, String table, int written, long seed) {
    long rows = database.count(table);
    long ids =
        Long.parseLong(database.one("SELECT uniqExact(id) FROM " + database.name() + "." + table));
    System.out.printf(
        "%s: %d rows written, %d lost, %d doubled%n", table, written, written - ids, rows - ids);
    assertThat(ids).as("distinct rows, seed %s", seed).isEqualTo(written);
    assertThat(rows).as("all rows, seed %s", seed).isEqualTo(written);
  }
}
