package io.eventpipeline.job.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.contract.Topics;
import io.eventpipeline.services.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills TaskManagers and JobManagers under load at random moments, many of which fall between
 * pre-commit and commit with a checkpoint a second, and judges by id and by the order of each key.
 *
 * <p>{@code -Dkills.taskManagers=50 -Dkills.jobManagers=10 -Dkills.seed=1} is the long form; with
 * {@code -Dkills.spare=true} the cluster has a TaskManager more than the job needs, and with {@code
 * -Dkills.highAvailability=true} a second JobManager takes over, else the job is submitted again.
 */
@EnabledIfSystemProperty(named = "kills.taskManagers", matches = "\\d+")
class KillLoopIT {
  private static final int TASK_MANAGERS = Integer.getInteger("kills.taskManagers", 3);
  private static final int JOB_MANAGERS = Integer.getInteger("kills.jobManagers", 1);
  private static final int RATE = Integer.getInteger("kills.rate", 1_000);
  private static final boolean SPARE = Boolean.getBoolean("kills.spare");
  private static final boolean HIGHLY_AVAILABLE = Boolean.getBoolean("kills.highAvailability");
  private static final long SEED = Long.getLong("kills.seed", System.nanoTime());
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir Path folder;

  @Test
  void losesDoublesAndReordersNothing() throws Exception {
    List<Boolean> faults = new ArrayList<>(Collections.nCopies(TASK_MANAGERS, true));
    faults.addAll(Collections.nCopies(JOB_MANAGERS, false));
    Random random = new Random(SEED);
    Collections.shuffle(faults, random);
    List<Long> taskManagers = new ArrayList<>();
    List<Long> jobManagers = new ArrayList<>();
    Path[] highAvailability = HIGHLY_AVAILABLE ? SubmittedJob.HIGH_AVAILABILITY : new Path[0];
    try (var job = new SubmittedJob(folder, SPARE ? 2 : 1, highAvailability);
        var shoppers = new Shoppers(job.bootstrapServers())) {
      job.submit(2, Optional.empty());
      shoppers.start(RATE);
      for (boolean taskManager : faults) {
        LockSupport.parkNanos((500 + random.nextInt(2_500)) * 1_000_000L);
        if (taskManager) {
          taskManagers.add(killTaskManager(job));
        } else {
          jobManagers.add(killJobManager(job));
        }
      }
      int sent = shoppers.stop();
      await().atMost(PATIENCE).until(() -> job.sql(IDS).equals(String.valueOf(sent)));
      job.awaitCheckpointSince(Instant.now());
      job.awaitCheckpointSince(Instant.now()); // what the first wrote is committed now

      var enriched = shoppers.count(Topics.ENRICHED, sent);
      var validated = shoppers.count(Topics.VALIDATED, sent);
      String rows = job.sql(ROWS);
      List<Long> all = new ArrayList<>(taskManagers);
      all.addAll(jobManagers);
      System.out.printf(
          "kills: n=%d, TaskManager kills=%d (one to spare: %s), JobManager kills=%d, seed=%d, Kafka enriched %s, validated %s,"
              + " ClickHouse rows=%s; recovery to the next checkpoint, median/max ms: TaskManager %s, JobManager %s, all %s%n",
          sent,
          TASK_MANAGERS,
          SPARE,
          JOB_MANAGERS,
          SEED,
          enriched,
          validated,
          rows,
          spread(taskManagers),
          spread(jobManagers),
          spread(all));
      assertThat(enriched).isEqualTo(Shoppers.Count.PERFECT);
      assertThat(validated).isEqualTo(Shoppers.Count.PERFECT);
      assertThat(rows).isEqualTo(String.valueOf(sent));
    }
  }

  private static final String IDS =
      "SELECT uniqExact(event_id) FROM events.events_processed WHERE event_id LIKE 'event-%'";
  private static final String ROWS =
      "SELECT count() FROM events.events_processed WHERE event_id LIKE 'event-%'";

  private static long killTaskManager(SubmittedJob job) throws Exception {
    Set<String> atWork = job.flink.taskManagers(job.id());
    Service taskManager =
        job.kit.flink().taskManagers().stream()
            .filter(candidate -> atWork.contains(candidate.name()))
            .findFirst()
            .orElseThrow();
    Instant killed = Instant.now();
    taskManager.kill();
    taskManager.start();
    return millisToCheckpoint(job, killed);
  }

  private static long killJobManager(SubmittedJob job) throws Exception {
    Service jobManager =
        await().atMost(PATIENCE).until(job.kit.flink()::leader, Optional::isPresent).orElseThrow();
    Instant killed = Instant.now();
    jobManager.kill();
    if (HIGHLY_AVAILABLE) {
      job.awaitCheckpointSince(killed);
    }
    jobManager.start();
    if (!HIGHLY_AVAILABLE) {
      job.submit(2, Optional.of(job.newestCheckpoint()));
    }
    return millisToCheckpoint(job, killed);
  }

  /** By Flink's own clock: who asks over REST hears of it up to a second later. */
  private static long millisToCheckpoint(SubmittedJob job, Instant killed) {
    return Duration.between(killed, job.awaitCheckpointSince(killed)).toMillis();
  }

  private static String spread(List<Long> millis) {
    List<Long> sorted = millis.stream().sorted().toList();
    return sorted.isEmpty()
        ? "-"
        : sorted.get(sorted.size() / 2) + "/" + sorted.get(sorted.size() - 1);
  }
}
