package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

/** The sink in a running job that fails and is restored, twice. */
@WithServices(Server.CLICKHOUSE)
class ClickHouseSinkJobIT {
  private static final int ROWS = 400_000;
  private static final AtomicInteger FAILURES_LEFT = new AtomicInteger();

  private final ServiceKit kit;

  ClickHouseSinkJobIT(ServiceKit kit) {
    this.kit = kit;
  }

  @Test
  void writesEachRecordOnceThroughRestarts() throws Exception {
    try (var database = new TestDatabase(kit.clickhouse(), "events_job_it")) {
      database.readings("t", "MergeTree", 0);
      FAILURES_LEFT.set(2);
      Configuration flink = ReadingsJob.restarting(5);
      flink.setString("pipeline.generic-types", "false");
      try (var env = StreamExecutionEnvironment.createLocalEnvironment(2, flink)) {
        env.enableCheckpointing(200);
        ReadingsJob.define(env, ROWS, new FailsAfterCheckpoints(), database.config());
        env.execute();
      }

      assertThat(FAILURES_LEFT.get()).as("failures that did not happen").isZero();
      assertThat(database.one("SELECT count(), uniqExact(id) FROM events_job_it.t"))
          .isEqualTo(ROWS + "\t" + ROWS);
    }
  }

  /** Fails when its second checkpoint since the start is complete: blocks are being committed. */
  private static final class FailsAfterCheckpoints extends RichMapFunction<Long, Reading>
      implements CheckpointListener {
    private transient int checkpoints;

    @Override
    public Reading map(Long number) {
      if (number % 500 == 0) {
        java.util.concurrent.locks.LockSupport.parkNanos(5_000_000); // about 100,000 rows/s
      }
      return Reading.of(number.intValue());
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
      if (++checkpoints == 2 && FAILURES_LEFT.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("failing on purpose");
      }
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) {
      checkpoints = 0;
    }
  }
}
