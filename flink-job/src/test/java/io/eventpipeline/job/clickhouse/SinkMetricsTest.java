package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.job.clickhouse.FakeServer.Fault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.flink.api.connector.sink2.Committer.CommitRequest;
import org.apache.flink.api.connector.sink2.mocks.MockCommitRequest;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class SinkMetricsTest {
  private static final long SEALED = 1_795_132_800_000L;
  private final FakeServer server = new FakeServer();
  private final SinkMetrics metrics = new SinkMetrics();
  private final Map<String, LongSupplier> published = new HashMap<>();
  private final BlockLander lander =
      new BlockLander(server, FakeServer.CONFIG, metrics, (block, number, row, why, aside) -> {});
  private final ClickHouseCommitter committer =
      new ClickHouseCommitter(server, lander, FakeServer.CONFIG, -1, metrics);

  SinkMetricsTest() {
    metrics.register(group(), () -> committer.oldestPendingMillis(SEALED + 5_000));
  }

  @Test
  void countsWhatLands() throws Exception {
    Block block = Blocks.of("t", SEALED + "-a", 100);

    commit(block);

    assertThat(value("rows")).isEqualTo(100);
    assertThat(value("bytes")).isEqualTo(block.body().length);
    assertThat(value("blocks")).isEqualTo(1);
    assertThat(value("commits")).isEqualTo(1);
    assertThat(value("commitMillis")).isEqualTo(value("lastCommitMillis"));
    assertThat(value("doubts")).isZero();
  }

  @Test
  void showsTheAgeOfTheOldestBlockWhileItIsNotThere() throws Exception {
    long[] age = new long[1];
    server.duringInsert = () -> age[0] = value("oldestUncommittedMillis");

    commit(Blocks.of("t", SEALED + "-a", 10));

    assertThat(age[0]).isEqualTo(5_000);
    assertThat(value("oldestUncommittedMillis")).isZero();
  }

  @Test
  void countsDoubtsAndRowsInsertedAgain() throws Exception {
    server.faults.add(Fault.HALF);

    commit(Blocks.of("t", SEALED + "-a", 100));

    assertThat(value("doubts")).isEqualTo(1);
    assertThat(value("reinsertedRows")).isEqualTo(50);
    assertThat(value("rows")).isEqualTo(100);
  }

  @Test
  void countsRowsThatWereReplaced() throws Exception {
    server.faults.add(Fault.HALF);
    server.replaced.set(60, 80);

    commit(Blocks.of("t", SEALED + "-a", 100));

    assertThat(value("replacedRows")).isEqualTo(20);
    assertThat(value("reinsertedRows")).isEqualTo(30);
  }

  @Test
  void countsBisectedAndRejectedRowsAndCopies() throws Exception {
    server.badRows.add(5);

    commit(Blocks.of("t", SEALED + "-a", 8));

    assertThat(value("bisections")).isEqualTo(3);
    assertThat(value("bisectedRows")).isEqualTo(8 + 4 + 2);
    assertThat(value("rejectedRows")).isEqualTo(1);
    assertThat(value("copies")).isZero();

    server.rows.addAll(List.of(1, 2, 3));
    lander.land(Blocks.of("t", SEALED + "-a", 8), true);

    assertThat(value("copies")).isEqualTo(3);
  }

  @Test
  void showsWhatAWriterHolds() throws Exception {
    Clock clock = Clock.fixed(Instant.ofEpochMilli(SEALED), ZoneOffset.UTC);
    var later = new ShiftingClock(clock);
    var writer =
        new ClickHouseWriter<>(
            FakeServer.CONFIG,
            Reading.mapping("t"),
            Blocks.COLUMNS,
            new CommitIds(clock, "job", 0, 0),
            -1,
            later,
            ClickHouseWriter.PACE);
    assertThat(writer.oldestBufferedMillis()).isZero();

    writer.write(Reading.of(1), null);
    later.shift = Duration.ofSeconds(3);
    writer.write(Reading.of(2), null);

    assertThat(writer.oldestBufferedMillis()).isEqualTo(3_000);
    assertThat(writer.bufferedBytes()).isPositive();
    writer.prepareCommit();
    assertThat(writer.oldestBufferedMillis()).isZero();
  }

  private void commit(Block block) throws Exception {
    List<CommitRequest<Block>> requests = List.of(new MockCommitRequest<>(block));
    committer.commit(requests);
  }

  private long value(String name) {
    return published.get(name).getAsLong();
  }

  /** Keeps what is registered, by its last name. */
  private MetricGroup group() {
    return new UnregisteredMetricsGroup() {
      @Override
      public MetricGroup addGroup(String name) {
        return group();
      }

      @Override
      public <C extends Counter> C counter(String name, C counter) {
        published.put(name, counter::getCount);
        return counter;
      }

      @Override
      public <N, G extends Gauge<N>> G gauge(String name, G gauge) {
        published.put(name, () -> ((Number) gauge.getValue()).longValue());
        return gauge;
      }
    };
  }

  private static final class ShiftingClock extends Clock {
    private final Clock start;
    private Duration shift = Duration.ZERO;

    ShiftingClock(Clock start) {
      this.start = start;
    }

    @Override
    public Instant instant() {
      return start.instant().plus(shift);
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }
  }
}
