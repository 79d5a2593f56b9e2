package io.eventpipeline.job.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.contract.Topics;
import io.eventpipeline.job.UpgradedMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator does to the job in a year, one after the other: a new release, more and fewer
 * subtasks, an operator more, back to an older savepoint, out of a loss in Kafka. Judged by id.
 *
 * <p>All on one TaskManager, whose metaspace has room for the classes of eight jobs: one that keeps
 * those of jobs that are over does not get to the end.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UpgradeIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int RATE = 400;
  private static final String NUMBERED = " WHERE event_id LIKE 'event-%'";

  @TempDir static Path folder;
  private static SubmittedJob job;
  private static Shoppers shoppers;

  @BeforeAll
  static void start() throws Exception {
    job = new SubmittedJob(folder, 1);
    shoppers = new Shoppers(job.bootstrapServers());
    job.configure("kafka", kafka -> kafka.put("lease", "PT2S")); // each stop is waited for
    // The previous release's savepoint grows older than any session
    job.configure("sessions", sessions -> sessions.put("gap", "PT1000000H"));
  }

  @AfterAll
  static void stop() {
    if (shoppers != null) {
      shoppers.close();
    }
    if (job != null) {
      job.close();
    }
  }

  @Test
  @Order(1)
  void goesOnFromASavepointOfThePreviousRelease() throws Exception {
    KeptSavepoint kept = KeptSavepoint.read();
    KeptSavepoint.events().forEach(event -> shoppers.send(KeptSavepoint.key(), event));
    shoppers.stop();
    job.configure("kafka", kafka -> kafka.putArray("writtenOff").add(kept.transaction()));

    job.submit(1, Optional.of(kept.unpack(folder.resolve("kept"))));

    awaitSql(
        "SELECT count() FROM events.processed WHERE event_id LIKE 'kept-%'",
        String.valueOf(KeptSavepoint.PROCESSED)); // from the blocks in it: nothing is read again
    awaitSql("SELECT reason FROM events.errors WHERE event_id = 'kept-5'", "unknown_type");
    shoppers.send(KeptSavepoint.key(), KeptSavepoint.next("kept-6"));
    awaitSql(
        "SELECT session_event_index, session_cart_items FROM events.processed WHERE event_id = 'kept-6'",
        "4\t4");
  }

  @Test
  @Order(2)
  void losesAndDoublesNothingWithMoreSubtasks() throws Exception {
    shoppers.start(RATE);
    for (int parallelism : List.of(2, 3)) {
      Path savepoint = job.savepoint(true);
      job.submit(parallelism, Optional.of(savepoint));
    }
    judge(shoppers.stop());
  }

  @Test
  @Order(3)
  void keepsItsStateWithFewerSubtasksAndAnOperatorMore() throws Exception {
    int before = shoppers.sent();
    shoppers.start(RATE);
    Path savepoint = job.savepoint(true);
    job.upgrade(UpgradedJar.build(folder));

    job.submit(1, Optional.of(savepoint));

    assertThat(job.flink.tasks(job.id())).anyMatch(name -> name.contains(UpgradedMain.STEP));
    shoppers.repeat(0, before);
    judge(shoppers.stop());
  }

  @Test
  @Order(4)
  void recognisesRowsThatLandedAfterTheSavepointThatItIsRestoredFrom() throws Exception {
    int before = shoppers.sent();
    shoppers.start(RATE);
    job.awaitCheckpointSince(Instant.now());
    Path old = job.savepoint(false); // with blocks and a transaction that land after it
    int sent = shoppers.stop();
    awaitRows(sent);
    job.cancel();

    job.submit(2, Optional.of(old));

    // What was read after the savepoint is read again
    shoppers.sendMore(100);
    sent = shoppers.stop();
    awaitRows(sent);
    assertThat(job.sql("SELECT count() FROM events.processed" + NUMBERED))
        .isEqualTo(String.valueOf(sent));
    assertThat(
            job.sql("SELECT count() - uniqExact(_commit_id, _row_no) FROM events.events_processed"))
        .as("rows of the savepoint's blocks that are there twice")
        .isEqualTo("0");
    Shoppers.Count enriched = shoppers.count(Topics.ENRICHED, sent);
    assertThat(enriched.lost()).isZero();
    assertThat(enriched.doubled())
        .as("for readers of Kafka, whose dedup state was restored too")
        .isBetween(0, sent - before);
  }

  @Test
  @Order(5)
  void saysWhichTransactionIsGoneAndMakesItAgain() throws Exception {
    int before = shoppers.sent();
    int doubled = shoppers.count(Topics.ENRICHED, before).doubled();
    Path first = job.savepoint(true);
    job.onlyTheFirstCheckpoint();
    job.submit(1, Optional.of(first));
    long written = job.written(Topics.ENRICHED);
    shoppers.sendMore(300);
    await().atMost(PATIENCE).until(() -> job.written(Topics.ENRICHED) >= written + 300);
    Path second = job.savepoint(false);
    job.cancel();

    // Somebody ends what the second savepoint would have committed
    assertThat(abortTransactions()).contains("aborted 1");
    job.configure(
        "checkpoint", checkpoint -> checkpoint.put("interval", "PT1S").put("failuresMax", 3));
    job.start(1, Optional.of(second));
    await().atMost(PATIENCE).until(() -> job.flink.state(job.id()).equals("FAILED"));
    assertThat(job.flink.failure(job.id()))
        .contains("600 output records are missing")
        .contains("made from " + Topics.RAW);

    // The one before it still has the events ahead of it
    job.submit(1, Optional.of(first));

    awaitRows(before + 300);
    Shoppers.Count enriched = shoppers.count(Topics.ENRICHED, before + 300);
    assertThat(enriched.lost()).isZero();
    assertThat(enriched.doubled()).isEqualTo(doubled);
    assertThat(job.sql("SELECT count() FROM events.processed" + NUMBERED))
        .isEqualTo(String.valueOf(before + 300));
  }

  /** As {@code deploy/local transactions abort} does. */
  private static String abortTransactions() throws IOException, InterruptedException {
    Path output = folder.resolve("transactions.txt");
    Path libraries = Path.of("..", "deploy", "services", "flink", "target", "lib");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                SubmittedJob.PROGRAM.jar() + ":" + libraries + "/*",
                "io.eventpipeline.job.TransactionsMain",
                "abort",
                "--config",
                job.config().toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor()).as("%s", output).isZero();
    return Files.readString(output);
  }

  /** Everything that was sent is there once and in its order, in both topics and in ClickHouse. */
  private static void judge(int sent) throws IOException, InterruptedException {
    awaitRows(sent);
    assertThat(shoppers.count(Topics.VALIDATED, sent)).isEqualTo(Shoppers.Count.PERFECT);
    // Look-ups in flight are dealt out anew to the subtasks, so their order is not kept
    Shoppers.Count enriched = shoppers.count(Topics.ENRICHED, sent);
    assertThat(enriched).isEqualTo(new Shoppers.Count(0, 0, enriched.disordered()));
    assertThat(job.sql("SELECT count() FROM events.events_processed" + NUMBERED))
        .as("rows, merged or not")
        .isEqualTo(String.valueOf(sent));
    assertThat(
            job.sql(
                """
                SELECT countIf(session_event_index != place) FROM
                (SELECT session_event_index,
                        row_number() OVER (PARTITION BY session_id ORDER BY src_offset) AS place
                 FROM events.events_processed WHERE event_id LIKE 'event-%')
                """))
        .as("events that do not count on from the one before in their session")
        .isEqualTo("0");
  }

  /** Returns when that many events have rows, and Kafka's transactions of them are committed. */
  private static void awaitRows(int sent) {
    awaitSql(
        "SELECT uniqExact(event_id) FROM events.events_processed" + NUMBERED, String.valueOf(sent));
    job.awaitCheckpointSince(Instant.now());
    job.awaitCheckpointSince(Instant.now()); // what the first wrote is committed now
  }

  private static void awaitSql(String query, String expected) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(job.sql(query)).as(query).isEqualTo(expected));
  }
}
