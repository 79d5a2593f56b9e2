package io.eventpipeline.job.clickhouse;

import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;

/**
 * Cuts records into blocks and hands them to the committer with the checkpoint. Talks to ClickHouse
 * only when it opens. Runs on the task's thread.
 */
final class ClickHouseWriter<T> implements CommittingSinkWriter<T, Block> {
  /**
   * Above this many times the soft limit the task fails. Not the job: what holds checkpoints up may
   * pass, and a restart reads the rows again.
   */
  private static final int HARD_LIMIT_FACTOR = 4;

  /** How long the second limit's worth of bytes takes at least. */
  static final Duration PACE = Duration.ofSeconds(10);

  /** Shorter sleeps are not worth it. */
  private static final long OWED_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(1);

  private final ClickHouseConfig config;
  private final TableMapping<T> mapping;
  private final List<BlockColumn> columns;
  private final CommitIds commitIds;
  private final long restoredFrom;
  private final RunningCommits commits;
  private final Clock clock;
  private final Duration pace;
  private final Map<Long, BlockBuilder> open = new HashMap<>();
  private List<Block> sealed = new ArrayList<>();
  private double owedNanos;
  private volatile long bufferedBytes;
  private volatile long bufferedSince;

  ClickHouseWriter(
      ClickHouseConfig config,
      TableMapping<T> mapping,
      List<BlockColumn> columns,
      CommitIds commitIds,
      long restoredFrom,
      Clock clock,
      Duration pace) {
    this.config = config;
    this.mapping = mapping;
    this.columns = columns;
    this.commitIds = commitIds;
    this.restoredFrom = restoredFrom;
    this.clock = clock;
    this.pace = pace;
    this.commits = RunningCommits.of(config.url());
  }

  @Override
  public void write(T row, Context context) throws IOException, InterruptedException {
    if (bufferedBytes >= config.bufferedBytesMax()) {
      refuseAboveHardLimit();
      commits.awaitThose();
    }
    if (bufferedBytes == 0) {
      bufferedSince = clock.millis();
    }
    long partition = mapping.partitionOf(row);
    BlockBuilder block = open.computeIfAbsent(partition, this::builder);
    int before = block.bytes();
    block.add(mapping, row);
    int added = block.bytes() - before;
    addBuffered(added);
    if (bufferedBytes >= config.bufferedBytesMax()) {
      slowDown(added);
    }
    if (block.rows() >= config.blockRowsMax() || block.bytes() >= config.blockBytesMax()) {
      open.remove(partition);
      seal(block);
    }
  }

  private void refuseAboveHardLimit() throws IOException {
    if (bufferedBytes >= HARD_LIMIT_FACTOR * config.bufferedBytesMax()) {
      throw new IOException(
          "more than "
              + HARD_LIMIT_FACTOR
              + " times bufferedBytesMax = "
              + config.bufferedBytesMax()
              + " bytes for "
              + mapping.table()
              + " since the last checkpoint: checkpoint more often, or raise the limit");
    }
  }

  /**
   * Makes the source wait for the checkpoint that empties the buffer. That one has to pass this
   * thread, so this may only be slow, never stand still: the second time the limit takes {@link
   * #PACE} at least, the third twice, the fourth four times as long.
   */
  private void slowDown(int added) throws InterruptedException {
    long times = Math.min(HARD_LIMIT_FACTOR, bufferedBytes / config.bufferedBytesMax());
    owedNanos += added * (double) pace.toNanos() / config.bufferedBytesMax() * (1L << (times - 1));
    if (owedNanos >= OWED_NANOS_MAX) {
      TimeUnit.NANOSECONDS.sleep((long) owedNanos);
      owedNanos = 0;
    }
  }

  private BlockBuilder builder(long partition) {
    String expression = mapping.partitionExpression();
    return new BlockBuilder(
        mapping.table(), expression.isEmpty() ? "" : expression + " = " + partition, columns);
  }

  private void seal(BlockBuilder builder) {
    Block block = builder.seal(commitIds.next(), restoredFrom);
    addBuffered(block.body().length - builder.bytes());
    sealed.add(block);
  }

  /** Only this thread writes it. */
  private void addBuffered(int bytes) {
    long sum = bufferedBytes + bytes;
    bufferedBytes = sum;
  }

  @Override
  public void flush(boolean endOfInput) {
    // Nothing may leave before the checkpoint that it belongs to
  }

  @Override
  public Collection<Block> prepareCommit() {
    open.values().forEach(this::seal);
    open.clear();
    List<Block> blocks = sealed;
    sealed = new ArrayList<>();
    bufferedBytes = 0;
    return blocks;
  }

  @Override
  public void close() {
    open.clear();
    sealed.clear();
  }

  /**
   * Bytes of rows that wait for a checkpoint: sealed ones as compressed. For the metrics' thread.
   */
  long bufferedBytes() {
    return bufferedBytes;
  }

  /** Age of the oldest of them in milliseconds; 0 when there are none. For the metrics' thread. */
  long oldestBufferedMillis() {
    return bufferedBytes == 0 ? 0 : clock.millis() - bufferedSince;
  }
}
