package io.eventpipeline.job.clickhouse;

import java.time.Clock;
import java.util.UUID;

/**
 * Names for blocks: {@code millis-job-subtask-attempt-random-sequence}.
 *
 * <p>The milliseconds have 13 digits until the year 2286, so names sort by time and a min-max index
 * finds them. The random part is one per writer: no two writers share it, not even when a job is
 * restored twice from the same savepoint. Not thread-safe.
 */
final class CommitIds {
  private final Clock clock;
  private final String middle;
  private long lastMillis;
  private int sequence;

  CommitIds(Clock clock, String jobId, int subtask, int attempt) {
    this.clock = clock;
    String job = jobId.substring(0, Math.min(8, jobId.length()));
    String random = UUID.randomUUID().toString().substring(0, 8);
    this.middle = job + "-" + subtask + "-" + attempt + "-" + random;
  }

  /** The next one; never sorts before one that was given out earlier. */
  String next() {
    lastMillis = Math.max(lastMillis, clock.millis());
    return String.format("%013d-%s-%06d", lastMillis, middle, sequence++);
  }
}
