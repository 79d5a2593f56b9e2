package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.config.Secret;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ClickHouseWriterTest {
  @Test
  void cutsBlocksByRowsAndByPartition() throws Exception {
    var writer = writer(config("http://cut", 10, 1 << 20, 1 << 24));
    for (int i = 0; i < 25; i++) {
      writer.write(Reading.of(i), null);
    }
    writer.write(new Reading("old", Reading.NOVEMBER - 86_400_000L * 40, 1, "{}"), null);

    Collection<Block> blocks = writer.prepareCommit();

    assertThat(blocks).extracting(Block::rows).containsExactlyInAnyOrder(10, 10, 5, 1);
    assertThat(blocks)
        .extracting(Block::partition)
        .containsOnly("toYYYYMM(at) = 202611", "toYYYYMM(at) = 202610");
    assertThat(blocks).extracting(Block::commitId).doesNotHaveDuplicates();
    assertThat(writer.prepareCommit()).isEmpty();
    assertThat(writer.bufferedBytes()).isZero();
  }

  @Test
  void cutsBlocksByBytes() throws Exception {
    var writer = writer(config("http://bytes", 1000, 256, 1 << 20));
    for (int i = 0; i < 100; i++) {
      writer.write(Reading.of(i), null);
    }

    assertThat(writer.prepareCommit())
        .hasSizeGreaterThan(5)
        .allMatch(block -> block.bodyBytes() < 256 + 64);
  }

  @Test
  void forgetsARowThatItsMappingRefuses() throws Exception {
    var writer = writer(config("http://refused", 1000, 1 << 20, 1 << 24));
    writer.write(Reading.of(1), null);

    assertThatThrownBy(() -> writer.write(new Reading("x", Reading.NOVEMBER, -1, "{}"), null))
        .isInstanceOf(IllegalArgumentException.class);

    Block block = new ArrayList<>(writer.prepareCommit()).get(0);
    assertThat(block.rows()).isEqualTo(1);
    assertThat(block.open().row(0))
        .isEqualTo(Blocks.of("t", "1-x", List.of(Reading.of(1))).open().row(0));
  }

  @Test
  void waitsAboveItsLimitWhileACommitRunsAndThenGoesOn() throws Exception {
    var config = config("http://outage", 10, 256, 256);
    var writer = writer(config);
    RunningCommits commits = RunningCommits.of(config.url());
    commits.begin();
    var written =
        CompletableFuture.supplyAsync(
            () -> {
              int rows = 0;
              try {
                for (; rows < 15; rows++) {
                  writer.write(Reading.of(rows), null);
                }
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return rows;
            });

    Awaitility.await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(5))
        .until(() -> !written.isDone());
    commits.end();

    assertThat(written.get(5, TimeUnit.SECONDS)).isEqualTo(15);
  }

  @Test
  void slowsDownAboveItsLimitUntilTheCheckpoint() throws Exception {
    var writer = writer(config("http://slow", 1000, 1 << 10, 1 << 10));
    while (writer.bufferedBytes() < 1 << 10) {
      writer.write(Reading.of(1), null);
    }

    long begin = System.nanoTime();
    while (writer.bufferedBytes() < 3 << 10) {
      writer.write(Reading.of(1), null);
    }

    // 1 KiB at 50 ms and 1 KiB at 100 ms, less what was owed and not yet slept
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(140));
    writer.prepareCommit();
    long after = System.nanoTime();
    writer.write(Reading.of(1), null);
    assertThat(Duration.ofNanos(System.nanoTime() - after)).isLessThan(Duration.ofMillis(40));
  }

  @Test
  void failsTheTaskFarAboveItsLimit() {
    var writer = writer(config("http://hard", 10, 256, 256));

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1000; i++) {
                writer.write(Reading.of(i), null);
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("checkpoint more often, or raise the limit");
  }

  private static ClickHouseWriter<Reading> writer(ClickHouseConfig config) {
    return new ClickHouseWriter<>(
        config,
        Reading.mapping("t"),
        Blocks.COLUMNS,
        new CommitIds(Clock.systemUTC(), "job", 0, 0),
        -1,
        Clock.systemUTC(),
        Duration.ofMillis(50));
  }

  private static ClickHouseConfig config(String url, int rows, int bytes, long buffered) {
    return new ClickHouseConfig(
        url,
        "u",
        new Secret("p"),
        "events",
        rows,
        bytes,
        buffered,
        2,
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        10);
  }
}
