package io.eventpipeline.job.clickhouse;

import io.eventpipeline.config.Check;
import io.eventpipeline.config.Secret;
import java.io.Serializable;
import java.time.Duration;

/**
 * Where the rows go and how much may be under way.
 *
 * @param url HTTP interface, {@code http://host:port}
 * @param user may insert into and select from the tables and {@code sink_fences}
 * @param password of that user
 * @param database of all tables, {@code sink_fences} included
 * @param blockRowsMax rows after which a block is cut before the checkpoint
 * @param blockBytesMax uncompressed bytes after which a block is cut before the checkpoint
 * @param bufferedBytesMax per writer subtask, sealed blocks as compressed: above it the writer
 *     waits for running commits, then goes on slowly until a checkpoint empties the buffer; above
 *     four times as much the task fails, since checkpoints are then more than a minute apart
 * @param commitThreads blocks inserted at the same time by one committer subtask
 * @param insertTimeout after which an insert without an answer is in doubt
 * @param retryBackoffMax longest wait between two tries of a block; the first is 100 ms
 * @param rejectedRowsMax rows of one block that ClickHouse may refuse; with more the fault is not
 *     in the rows, and the job stops
 */
public record ClickHouseConfig(
    String url,
    String user,
    Secret password,
    String database,
    int blockRowsMax,
    int blockBytesMax,
    long bufferedBytesMax,
    int commitThreads,
    Duration insertTimeout,
    Duration retryBackoffMax,
    int rejectedRowsMax)
    implements Serializable {

  /** Below 65,409 rows (ClickHouse's max_block_size) a block is parsed into a single chunk. */
  public static final int BLOCK_ROWS_MAX = 50_000;

  /** 50,000 rows of 320 bytes: the two limits are reached together by the average event. */
  public static final int BLOCK_BYTES_MAX = 16 * 1024 * 1024;

  /** Ten seconds of 10,000 rows/s of 320 bytes: what arrives while ClickHouse restarts. */
  public static final long BUFFERED_BYTES_MAX = 32L * 1024 * 1024;

  /** Two: one block is compressed on the wire while ClickHouse writes the other. */
  public static final int COMMIT_THREADS = 2;

  /** A block of 16 MiB takes 0.1 to 0.5 s; a server that needs 60 times as long is not well. */
  public static final Duration INSERT_TIMEOUT = Duration.ofSeconds(30);

  /** Short enough that a server that is back is noticed by the next checkpoint or two. */
  public static final Duration RETRY_BACKOFF_MAX = Duration.ofSeconds(5);

  /** 1 in 500 of a full block: more is a defect of ours or of the table. */
  public static final int REJECTED_ROWS_MAX = 100;

  /** Checks each value. */
  public ClickHouseConfig {
    Check.that(url.matches("https?://.+"), "clickhouse.url must be an HTTP URL, was %s", url);
    Check.that(
        database.matches("[A-Za-z_][A-Za-z0-9_]*"),
        "clickhouse.database must be an identifier, was %s",
        database);
    Check.that(
        blockRowsMax > 0 && blockRowsMax <= 1_000_000,
        "clickhouse.blockRowsMax must be in 1..1000000, was %s",
        blockRowsMax);
    Check.that(
        blockBytesMax > 0 && blockBytesMax <= 128 * 1024 * 1024,
        "clickhouse.blockBytesMax must be in 1..134217728, was %s",
        blockBytesMax);
    Check.that(
        bufferedBytesMax >= blockBytesMax,
        "clickhouse.bufferedBytesMax must hold at least one block, was %s",
        bufferedBytesMax);
    Check.that(
        commitThreads > 0 && commitThreads <= 64,
        "clickhouse.commitThreads must be in 1..64, was %s",
        commitThreads);
    Check.that(
        insertTimeout.compareTo(Duration.ofSeconds(1)) >= 0,
        "clickhouse.insertTimeout must be at least PT1S, was %s",
        insertTimeout);
    Check.that(
        retryBackoffMax.toMillis() >= 100,
        "clickhouse.retryBackoffMax must be at least PT0.1S, was %s",
        retryBackoffMax);
    Check.that(
        rejectedRowsMax >= 0, "clickhouse.rejectedRowsMax must be >= 0, was %s", rejectedRowsMax);
  }

  /** The defaults for one server. */
  public static ClickHouseConfig of(String url, String user, Secret password, String database) {
    return new ClickHouseConfig(
        url,
        user,
        password,
        database,
        BLOCK_ROWS_MAX,
        BLOCK_BYTES_MAX,
        BUFFERED_BYTES_MAX,
        COMMIT_THREADS,
        INSERT_TIMEOUT,
        RETRY_BACKOFF_MAX,
        REJECTED_ROWS_MAX);
  }
}
