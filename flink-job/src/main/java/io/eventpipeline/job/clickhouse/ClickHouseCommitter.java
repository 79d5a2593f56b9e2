package io.eventpipeline.job.clickhouse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.flink.api.connector.sink2.Committer;

/**
 * Lands the blocks of a completed checkpoint, several at a time.
 *
 * <p>{@code commit} returns when all have landed. While ClickHouse is away it waits, which holds up
 * the next checkpoint's barrier at this task and so, in the end, the sources; the wait is
 * interruptible, so cancelling does not wait. It neither asks Flink to retry, since Flink retries
 * at once and ten times, nor ever signals a failed committable, since Flink would drop it. A block
 * that cannot land fails the task; with {@link ClickHouseRefusalException} that ends the job.
 */
final class ClickHouseCommitter implements Committer<Block> {
  private final Server server;
  private final BlockLander lander;
  private final long restoredFrom;
  private final SinkMetrics metrics;
  private final ExecutorService threads;
  private final RunningCommits commits;
  private final Set<Block> pending = ConcurrentHashMap.newKeySet();

  ClickHouseCommitter(
      Server server,
      BlockLander lander,
      ClickHouseConfig config,
      long restoredFrom,
      SinkMetrics metrics) {
    this.server = server;
    this.lander = lander;
    this.restoredFrom = restoredFrom;
    this.metrics = metrics;
    this.commits = RunningCommits.of(config.url());
    this.threads =
        Executors.newFixedThreadPool(
            config.commitThreads(),
            task -> {
              Thread thread = new Thread(task, "clickhouse-commit");
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public void commit(Collection<CommitRequest<Block>> requests)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    commits.begin();
    requests.forEach(request -> pending.add(request.getCommittable()));
    var landings = new ExecutorCompletionService<Void>(threads);
    List<Future<Void>> running = new ArrayList<>();
    try {
      for (CommitRequest<Block> request : requests) {
        running.add(landings.submit(() -> land(request.getCommittable())));
      }
      for (int i = 0; i < requests.size(); i++) {
        landings.take().get();
      }
      metrics.commitTook((System.nanoTime() - begin) / 1_000_000);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BlockFailure failure) {
        throw ClickHouseRefusalException.orItself(failure);
      }
      throw new IOException("committing to ClickHouse", e.getCause());
    } finally {
      running.forEach(landing -> landing.cancel(true));
      pending.clear();
      commits.end();
    }
  }

  private Void land(Block block) throws BlockFailure, InterruptedException {
    lander.land(block, block.restoredFrom() != restoredFrom);
    pending.remove(block);
    metrics.blocks.increment();
    metrics.rows.add(block.rows());
    metrics.bytes.add(block.body().length);
    return null;
  }

  /** Milliseconds since the oldest block of this commit was sealed; 0 when there is none. */
  long oldestPendingMillis(long nowMillis) {
    return pending.stream().mapToLong(block -> nowMillis - block.sealedAtMillis()).max().orElse(0);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    server.close();
  }
}
