package io.eventpipeline.job.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.contract.Topics;
import io.eventpipeline.services.PostgresServer;
import io.eventpipeline.services.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * JobManagers die under load, on a cluster with the settings that ship in {@code deploy/flink}, and
 * nobody submits anything: the one that stands by, or one that is started again, goes on with the
 * job under its id and its lease, from the newest checkpoint. Judged by id and by the order of each
 * key.
 *
 * <p>{@code -Dha.kills=10 -Dha.seed=1} is the long form: so many random kills each of a job that
 * Flink recovers from its graph and of one whose main it runs again.
 */
class HighAvailabilityIT {
  private static final int KILLS = Integer.getInteger("ha.kills", 1);
  private static final int RATE = Integer.getInteger("ha.rate", 400);
  private static final long SEED = Long.getLong("ha.seed", System.nanoTime());
  private static final int PARALLELISM = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;
  private SubmittedJob job;
  private final TreeMap<String, List<Long>> recoveries = new TreeMap<>();

  /** Who dies. */
  private enum Victim {
    LEADER,
    EVERY_JOB_MANAGER
  }

  @Test
  void goesOnByItselfAndLosesDoublesAndReordersNothing() throws Exception {
    Random random = new Random(SEED);
    try (var submitted = new SubmittedJob(folder, 1, SubmittedJob.HIGH_AVAILABILITY);
        var shoppers = new Shoppers(submitted.bootstrapServers())) {
      job = submitted;
      job.configure("kafka", kafka -> kafka.put("lease", "PT2S")); // the stop is waited for
      job.submit(PARALLELISM, Optional.empty());
      shoppers.start(RATE);
      for (int kill = 0; kill < KILLS; kill++) {
        wait(random);
        kill(kill == 0 ? Victim.LEADER : any(random), "graph");
      }
      assertThat(leases()).isEqualTo(List.of(job.id() + " 1", job.id() + " 1"));

      Path savepoint = job.savepoint(true);
      Instant submission = Instant.now();
      job.startAsApplication(PARALLELISM, Optional.of(savepoint));
      job.awaitCheckpointSince(submission);
      killEveryJobManagerWhilePostgresIsAway();
      for (int kill = 1; kill < KILLS; kill++) {
        wait(random);
        kill(any(random), "main");
      }
      assertThat(leases()).isEqualTo(List.of(job.id() + " 2", job.id() + " 2"));

      judge(shoppers, shoppers.stop());
    }
  }

  private static void wait(Random random) {
    LockSupport.parkNanos((500 + random.nextInt(2_500)) * 1_000_000L);
  }

  private static Victim any(Random random) {
    return random.nextInt(3) == 0 ? Victim.EVERY_JOB_MANAGER : Victim.LEADER;
  }

  private void kill(Victim victim, String recoveredFrom) throws Exception {
    startAll();
    List<Service> dying =
        victim == Victim.LEADER ? List.of(leader()) : job.kit.flink().jobManagers();
    long newest = job.flink.newestCheckpoint(job.id());
    Instant killed = Instant.now();
    dying.forEach(Service::kill);
    if (victim == Victim.EVERY_JOB_MANAGER) {
      startAll();
    }
    awaitRecovery(newest, killed, victim + " dies, recovered from its " + recoveredFrom);
  }

  /** Those that do not run. */
  private void startAll() {
    job.kit.flink().jobManagers().parallelStream().forEach(Service::start);
  }

  /** Flink runs main again, which asks Postgres; what it threw would end the job for ever. */
  private void killEveryJobManagerWhilePostgresIsAway() throws Exception {
    long newest = job.flink.newestCheckpoint(job.id());
    job.kit.flink().jobManagers().forEach(Service::kill);
    job.kit.postgres().stop();
    startAll();
    await()
        .atMost(PATIENCE)
        .during(Duration.ofSeconds(4)) // longer than a start would wait
        .until(() -> Files.readString(leader().log()).contains("the job waits for Postgres"));
    Instant back = Instant.now();
    job.kit.postgres().start();
    awaitRecovery(newest, back, "Postgres is back, recovered from its main");
  }

  private Service leader() {
    return await()
        .atMost(PATIENCE)
        .until(() -> job.kit.flink().leader(), Optional::isPresent)
        .orElseThrow();
  }

  private void awaitRecovery(long newest, Instant since, String what)
      throws IOException, InterruptedException {
    Instant recovered = job.awaitCheckpointSince(since);
    recoveries
        .computeIfAbsent(what, first -> new ArrayList<>())
        .add(Duration.between(since, recovered).toMillis());
    assertThat(job.flink.restoredFrom(job.id()))
        .as("at least the newest checkpoint before the kill")
        .isGreaterThanOrEqualTo(newest);
  }

  /** Holder and how often it changed, of each name. */
  private List<String> leases() throws SQLException {
    PostgresServer postgres = job.kit.postgres();
    List<String> leases = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(
                postgres.jdbcUrl(PostgresServer.DATABASE), postgres.user(), postgres.password());
        Statement query = connection.createStatement();
        ResultSet rows = query.executeQuery("SELECT holder || ' ' || epoch FROM job_lease")) {
      while (rows.next()) {
        leases.add(rows.getString(1));
      }
    }
    return leases;
  }

  private void judge(Shoppers shoppers, int sent) throws IOException, InterruptedException {
    String of = " FROM events.events_processed WHERE event_id LIKE 'event-%'";
    await()
        .atMost(PATIENCE)
        .until(() -> job.sql("SELECT uniqExact(event_id)" + of), String.valueOf(sent)::equals);
    job.awaitCheckpointSince(Instant.now());
    job.awaitCheckpointSince(Instant.now()); // what the first wrote is committed now

    var enriched = shoppers.count(Topics.ENRICHED, sent);
    var validated = shoppers.count(Topics.VALIDATED, sent);
    String rows = job.sql("SELECT count()" + of);
    System.out.printf(
        "high availability: n=%d, seed=%d, Kafka enriched %s, validated %s, ClickHouse rows=%s;"
            + " ms to the next complete checkpoint: %s%n",
        sent, SEED, enriched, validated, rows, recoveries);
    assertThat(enriched).isEqualTo(Shoppers.Count.PERFECT);
    assertThat(validated).isEqualTo(Shoppers.Count.PERFECT);
    assertThat(rows).isEqualTo(String.valueOf(sent));
  }
}
