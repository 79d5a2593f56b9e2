package io.eventpipeline.job.clickhouse;

import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** Counters of one committer subtask; written by several threads. */
final class SinkMetrics {
  /** Of landed blocks; those that were set aside included. */
  final LongAdder rows = new LongAdder();

  /** Of landed blocks, compressed. */
  final LongAdder bytes = new LongAdder();

  final LongAdder blocks = new LongAdder();

  /** Blocks of which it was not known whether they had landed. */
  final LongAdder doubts = new LongAdder();

  /** Rows inserted after a count said that they were missing. */
  final LongAdder reinsertedRows = new LongAdder();

  /** Rows not inserted again because another row with their sorting key had taken their place. */
  final LongAdder replacedRows = new LongAdder();

  /** Rows that a bisection set aside. */
  final LongAdder rejectedRows = new LongAdder();

  /** Inserts that failed because of a row and were cut in two. */
  final LongAdder bisections = new LongAdder();

  /** Rows of those inserts: each was sent once more at least. */
  final LongAdder bisectedRows = new LongAdder();

  /** Rows found more than once: the second layer has to hide them. Must stay 0. */
  final LongAdder copies = new LongAdder();

  /** Commits that ended well, and how long they took together: latency = the one by the other. */
  final LongAdder commits = new LongAdder();

  final LongAdder commitMillis = new LongAdder();
  private volatile long lastCommitMillis;

  void commitTook(long millis) {
    commits.increment();
    commitMillis.add(millis);
    lastCommitMillis = millis;
  }

  /**
   * Registers all of them in the group {@code clickhouse}.
   *
   * @param oldest age of the oldest block whose commit has begun and not ended; before that {@link
   *     Handover} and writer have it
   */
  void register(MetricGroup group, Gauge<Long> oldest) {
    MetricGroup clickhouse = group.addGroup("clickhouse");
    counter(clickhouse, "rows", rows);
    counter(clickhouse, "bytes", bytes);
    counter(clickhouse, "blocks", blocks);
    counter(clickhouse, "doubts", doubts);
    counter(clickhouse, "reinsertedRows", reinsertedRows);
    counter(clickhouse, "replacedRows", replacedRows);
    counter(clickhouse, "rejectedRows", rejectedRows);
    counter(clickhouse, "bisections", bisections);
    counter(clickhouse, "bisectedRows", bisectedRows);
    counter(clickhouse, "copies", copies);
    counter(clickhouse, "commits", commits);
    counter(clickhouse, "commitMillis", commitMillis);
    clickhouse.gauge("lastCommitMillis", () -> lastCommitMillis);
    clickhouse.gauge("oldestUncommittedMillis", oldest);
  }

  private static void counter(MetricGroup group, String name, LongAdder adder) {
    group.counter(name, new Total(adder));
  }

  /** A Flink counter over what several threads add to. */
  private record Total(LongAdder adder) implements Counter {
    @Override
    public void inc() {
      adder.increment();
    }

    @Override
    public void inc(long n) {
      adder.add(n);
    }

    @Override
    public void dec() {
      adder.decrement();
    }

    @Override
    public void dec(long n) {
      adder.add(-n);
    }

    @Override
    public long getCount() {
      return adder.sum();
    }
  }
}
