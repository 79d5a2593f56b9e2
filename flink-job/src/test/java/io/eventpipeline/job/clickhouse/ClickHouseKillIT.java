package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.job.clickhouse.KillLoop.KillTable;
import io.eventpipeline.job.clickhouse.KillLoop.Verdict;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.mocks.MockCommitRequest;
import org.junit.jupiter.api.Test;

/**
 * The sink's writer and committer in the {@link KillLoop}, and the same loop around a sink that
 * relies on ClickHouse's deduplication token, which shows that the loop can fail. {@code -Dkills=N
 * -Dseed=S} for more, or for the same instants again.
 */
@WithServices(Server.CLICKHOUSE)
class ClickHouseKillIT {
  /** Rows of one checkpoint of one table; they fall into three months. */
  private static final int ROWS = 12_000;

  private static final int MONTHS = 3;

  /** The more partitions an insert has, the wider the moment between its tokens and its parts. */
  private static final int MONTHS_OF_A_TOKEN = 16;

  private static final int LOOPS_MAX = 10;

  private final ServiceKit kit;
  private final int kills = Integer.getInteger("kills", 4);
  private final long seed = Long.getLong("seed", System.nanoTime());

  ClickHouseKillIT(ServiceKit kit) {
    this.kit = kit;
  }

  @Test
  void losesNothingAndDoublesNothing() throws Exception {
    List<Verdict> verdicts = run("verified", "events_kill_it", kills, ClickHouseKillIT::verified);

    assertThat(verdicts)
        .as("seed %s", seed)
        .allMatch(verdict -> verdict.lost() == 0 && verdict.doubled() == 0);
  }

  /** Almost always at once; the kills may miss the moments that matter. */
  @Test
  void catchesASinkThatTrustsItsToken() throws Exception {
    int some = Integer.getInteger("tokenKills", 2);
    boolean caught = false;
    for (int loop = 0; loop < LOOPS_MAX && !caught; loop++) {
      caught =
          run("token only", "events_token_it", some, ClickHouseKillIT::trusting).stream()
              .anyMatch(verdict -> verdict.lost() > 0 || verdict.doubled() > 0);
    }

    assertThat(caught).as("seed %s", seed).isTrue();
  }

  /** How one of the two sinks writes a table. */
  private interface Sinking {
    long into(KillTable table, ClickHouseConfig config, Watch watch, AtomicBoolean stop)
        throws Exception;
  }

  private List<Verdict> run(String what, String name, int times, Sinking sink) throws Exception {
    var watch = new Watch(seed);
    try (var database = new TestDatabase(kit.clickhouse(), name)) {
      var loop = new KillLoop(kit.clickhouse(), database, watch, seed);
      List<Verdict> verdicts =
          loop.run(times, (table, stop) -> sink.into(table, database.config(), watch, stop));
      System.out.printf(
          "%s: seed %d, %d kills, %d inserts, %d interrupted by a kill, %d answers lost;"
              + " counted %d all, %d none, %d some%n",
          what,
          seed,
          times,
          watch.inserts.get(),
          loop.interrupted(),
          watch.answersLost.get(),
          watch.foundAll.get(),
          watch.foundNone.get(),
          watch.foundSome.get());
      verdicts.forEach(System.out::println);
      assertThat(loop.interrupted()).as("inserts that a kill interrupted").isPositive();
      return verdicts;
    }
  }

  /** As a job does it; one commit in eight is committed once more, as after a restart. */
  private static long verified(
      KillTable table, ClickHouseConfig config, Watch watch, AtomicBoolean stop) throws Exception {
    var writer =
        new ClickHouseWriter<>(
            config,
            Reading.mapping(table.name()),
            Blocks.COLUMNS,
            new CommitIds(Clock.systemUTC(), "kill", 0, 0),
            -1,
            Clock.systemUTC(),
            ClickHouseWriter.PACE);
    var random = new Random(table.name().hashCode());
    int rows = 0;
    try (var committer = committer(config, watch, -1);
        var restored = committer(config, watch, 7)) {
      while (!stop.get()) {
        for (int i = 0; i < ROWS; i++, rows++) {
          writer.write(Reading.of(rows, rows % MONTHS), null);
        }
        Collection<Block> blocks = writer.prepareCommit();
        committer.commit(requests(blocks));
        if (random.nextInt(8) == 0) {
          restored.commit(requests(blocks));
        }
      }
    }
    return rows;
  }

  private static ClickHouseCommitter committer(
      ClickHouseConfig config, Watch watch, long restoredFrom) {
    var server = new WatchedServer(new HttpServerClient(config), watch);
    var metrics = new SinkMetrics();
    var lander = new BlockLander(server, config, metrics, Rejections.STOP);
    return new ClickHouseCommitter(server, lander, config, restoredFrom, metrics);
  }

  private static Collection<Committer.CommitRequest<Block>> requests(Collection<Block> blocks) {
    List<Committer.CommitRequest<Block>> requests = new ArrayList<>();
    blocks.forEach(block -> requests.add(new MockCommitRequest<>(block)));
    return requests;
  }

  /** One block of all months under one token, sent again until the answer is good. */
  private static long trusting(
      KillTable table, ClickHouseConfig config, Watch watch, AtomicBoolean stop) throws Exception {
    int rows = 0;
    try (var server = new WatchedServer(new HttpServerClient(config), watch)) {
      while (!stop.get()) {
        List<Reading> batch = new ArrayList<>(ROWS);
        for (int i = 0; i < ROWS; i++, rows++) {
          batch.add(Reading.of(rows, rows % MONTHS_OF_A_TOKEN));
        }
        String token = String.format("%013d-%s", System.currentTimeMillis(), UUID.randomUUID());
        insertUntilTheAnswerIsGood(server, Blocks.of(table.name(), token, batch));
      }
    }
    return rows;
  }

  private static void insertUntilTheAnswerIsGood(WatchedServer server, Block block)
      throws Exception {
    while (true) {
      try {
        server.insert(block, block.commitId(), 0, block.body(), block.rows());
        return;
      } catch (BlockFailure e) {
        assertThat(e.errorClass()).isEqualTo(ErrorClass.RETRY);
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }
}
