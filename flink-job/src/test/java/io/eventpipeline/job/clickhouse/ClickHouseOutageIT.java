package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

/**
 * ClickHouse is away while a job writes 10,000 rows/s. {@code -Doutage=PT3M} for as long as that;
 * the rest of the rows follows as fast as it can.
 */
@WithServices(Server.CLICKHOUSE)
class ClickHouseOutageIT {
  private static final int RATE = 10_000;
  private static final Duration OUTAGE = Duration.parse(System.getProperty("outage", "PT8S"));

  /** What one writer may hold: full after a second. */
  private static final int BUFFERED_BYTES = 1 << 17;

  /** Of a row, however well the rest of it is compressed: two random numbers in hexadecimal. */
  private static final int ROW_BYTES_MIN = 16;

  private static final int ROWS = (int) ((OUTAGE.toSeconds() + 8) * RATE);
  private static final AtomicLong EMITTED = new AtomicLong();
  private static final AtomicBoolean FREE = new AtomicBoolean();

  private final ServiceKit kit;

  ClickHouseOutageIT(ServiceKit kit) {
    this.kit = kit;
  }

  @Test
  void holdsTheSourceBackAndCatchesUp() throws Exception {
    EMITTED.set(0);
    FREE.set(false);
    try (var database = new TestDatabase(kit.clickhouse(), "events_outage_it");
        var env =
            StreamExecutionEnvironment.createLocalEnvironment(2, ReadingsJob.withoutRestarts())) {
      database.readings("t", "MergeTree", 0);
      env.enableCheckpointing(500);
      ReadingsJob.define(env, ROWS, new AtARate(), small(database.config()));
      var job = env.executeAsync();
      await().atMost(Duration.ofMinutes(2)).until(() -> database.count("t") > 0);
      long heapBefore = heapBytes();

      long begin = System.nanoTime();
      long emittedBefore = EMITTED.get();
      kit.clickhouse().kill();
      long heapMax = 0;
      long held = 0;
      while (System.nanoTime() - begin < OUTAGE.toNanos()) {
        LockSupport.parkNanos(OUTAGE.toNanos() / 5);
        heapMax = Math.max(heapMax, heapBytes());
        held = EMITTED.get() - emittedBefore;
      }
      long emittedInTheEnd = EMITTED.get();
      kit.clickhouse().start();
      FREE.set(true);
      long back = System.nanoTime();
      long landed = database.count("t");
      job.getJobExecutionResult().get();
      double seconds = (System.nanoTime() - back) / 1e9;

      System.out.printf(
          "away %s: %d rows taken meanwhile, heap %d MB before, at most %d MB;"
              + " then %d rows in %.1f s, %.0f rows/s%n",
          OUTAGE,
          held,
          heapBefore >> 20,
          heapMax >> 20,
          ROWS - landed,
          seconds,
          (ROWS - landed) / seconds);
      assertThat(emittedInTheEnd)
          .as("rows that the source gave while nothing could land")
          .isLessThan(emittedBefore + heldAtMost());
      assertThat(heapMax - heapBefore).as("heap, bytes").isLessThan(128L << 20);
      assertThat(database.one("SELECT count(), uniqExact(id) FROM events_outage_it.t"))
          .isEqualTo(ROWS + "\t" + ROWS);
    }
  }

  /**
   * Two writers full, and as much again that has passed to the committers with the checkpoint that
   * was under way; each may exceed its limit by a block.
   */
  private static long heldAtMost() {
    return 2L * 2 * (BUFFERED_BYTES + BUFFERED_BYTES / 4) / ROW_BYTES_MIN;
  }

  private static ClickHouseConfig small(ClickHouseConfig config) {
    return new ClickHouseConfig(
        config.url(),
        config.user(),
        config.password(),
        config.database(),
        2_000,
        BUFFERED_BYTES / 4,
        BUFFERED_BYTES,
        config.commitThreads(),
        config.insertTimeout(),
        config.retryBackoffMax(),
        config.rejectedRowsMax());
  }

  private static long heapBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** {@link #RATE} rows a second over both subtasks, or as fast as it goes. */
  private static final class AtARate extends RichMapFunction<Long, Reading> {
    @Override
    public Reading map(Long number) {
      long emitted = EMITTED.incrementAndGet();
      if (!FREE.get() && emitted % 100 == 0) {
        LockSupport.parkNanos(2 * 100 * 1_000_000_000L / RATE);
      }
      long noise = number * 0x9e3779b97f4a7c15L;
      String json =
          "{\"a\":\"" + Long.toHexString(noise) + Long.toHexString(noise * noise * 31 + 7) + "\"}";
      return new Reading("id-" + number, Reading.NOVEMBER + number, number % 200, json);
    }
  }
}
