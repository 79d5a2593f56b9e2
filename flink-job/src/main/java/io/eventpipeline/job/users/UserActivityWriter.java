package io.eventpipeline.job.users;

import io.eventpipeline.job.JobConfig;
import io.eventpipeline.job.UserActivity;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps rows until a thread of its own has written them to Postgres, however long that takes.
 *
 * <p>{@link #write} returns at once unless {@code pendingMax} rows wait. A row stays pending until
 * the transaction that wrote it has committed; {@link #snapshotState} hands out all pending rows.
 * Metrics: gauge {@code pending}, counters {@code written} and {@code rejected}.
 */
final class UserActivityWriter implements StatefulSinkWriter<UserActivity, UserActivity> {
  private static final Logger LOG = LoggerFactory.getLogger(UserActivityWriter.class);
  private static final long LINGER_MILLIS = 200;
  private static final long RETRY_MILLIS_MIN = 250;
  private static final long RETRY_MILLIS_MAX = 5_000;

  private final UserActivityTable table;
  private final int batchMax;
  private final int pendingMax;
  private final Counter written;
  private final Counter rejected;
  private final Thread worker;
  private final Object lock = new Object();

  /** Guarded by {@link #lock}; the rows being written are still at its head. */
  private final Deque<UserActivity> pending = new ArrayDeque<>();

  private boolean closed;

  UserActivityWriter(
      UserActivityTable table,
      JobConfig.Users config,
      MetricGroup operator,
      Collection<UserActivity> restored) {
    this.table = table;
    batchMax = config.batchMax();
    pendingMax = config.pendingMax();
    pending.addAll(restored);
    MetricGroup group = operator.addGroup("pipeline");
    written = group.counter("written");
    rejected = group.counter("rejected");
    group.gauge("pending", this::pendingCount);
    worker = new Thread(this::work, "user-activity");
    worker.setDaemon(true);
    worker.start();
  }

  @Override
  public void write(UserActivity activity, Context context) throws InterruptedException {
    synchronized (lock) {
      while (pending.size() >= pendingMax) {
        lock.wait(); // backpressure
      }
      pending.add(activity);
      if (pending.size() >= batchMax) {
        lock.notifyAll();
      }
    }
  }

  /** Waits for nothing, as a checkpoint keeps what is pending; at the end it waits for all. */
  @Override
  public void flush(boolean endOfInput) throws InterruptedException {
    if (endOfInput) {
      synchronized (lock) {
        while (!pending.isEmpty()) {
          lock.notifyAll();
          lock.wait(LINGER_MILLIS);
        }
      }
    }
  }

  @Override
  public List<UserActivity> snapshotState(long checkpointId) {
    synchronized (lock) {
      return List.copyOf(pending);
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    worker.interrupt();
    try {
      worker.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    table.close();
  }

  private int pendingCount() {
    synchronized (lock) {
      return pending.size();
    }
  }

  private void work() {
    long retryMillis = RETRY_MILLIS_MIN;
    try {
      List<UserActivity> batch = nextBatch();
      while (!batch.isEmpty()) {
        try {
          write(batch);
          done(batch.size());
          retryMillis = RETRY_MILLIS_MIN;
          batch = nextBatch();
        } catch (SQLException e) {
          LOG.warn("user activity waits, Postgres does not take it: {}", e.getMessage());
          pause(retryMillis);
          retryMillis = Math.min(RETRY_MILLIS_MAX, retryMillis * 2);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // close(): what is pending is in the checkpoint
    }
  }

  /** Waits for a full batch, or a little for a part of one; empty when closed. */
  private List<UserActivity> nextBatch() throws InterruptedException {
    synchronized (lock) {
      while (pending.isEmpty() && !closed) {
        lock.wait(LINGER_MILLIS);
      }
      long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS);
      long left = LINGER_MILLIS;
      while (pending.size() < batchMax && left > 0 && !closed) {
        lock.wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      }
      if (closed) {
        return List.of();
      }
      return pending.stream().limit(batchMax).toList();
    }
  }

  private void pause(long millis) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    synchronized (lock) {
      long left = millis;
      while (left > 0 && !closed) {
        lock.wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      }
      if (closed) {
        throw new InterruptedException();
      }
    }
  }

  private void done(int rows) {
    synchronized (lock) {
      for (int i = 0; i < rows; i++) {
        pending.remove();
      }
      lock.notifyAll();
    }
  }

  /** Writes a batch; a row that Postgres can never take is left out, so that others do not wait. */
  private void write(List<UserActivity> batch) throws SQLException {
    try {
      table.write(batch);
      written.inc(batch.size());
    } catch (SQLException e) {
      if (!isDataError(e)) {
        throw e;
      }
      if (batch.size() == 1) {
        rejected.inc();
        LOG.warn("Postgres refuses a row of user activity: {}", e.getSQLState());
        return;
      }
      List<UserActivity> rows = new ArrayList<>(batch);
      write(rows.subList(0, rows.size() / 2));
      write(rows.subList(rows.size() / 2, rows.size()));
    }
  }

  /** SQLSTATE classes 22 (data exception) and 23 (constraint violation). */
  private static boolean isDataError(SQLException e) {
    for (SQLException cause = e; cause != null; cause = cause.getNextException()) {
      String state = cause.getSQLState();
      if (state != null && (state.startsWith("22") || state.startsWith("23"))) {
        return true;
      }
    }
    return false;
  }
}
