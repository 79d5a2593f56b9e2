package io.eventpipeline.job.clickhouse;

import java.time.Duration;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A job that makes a {@link Reading} of each number and writes it into table {@code t}. */
final class ReadingsJob {
  private ReadingsJob() {}

  /**
   * Defines it; the environment says when its checkpoints are and how it restarts.
   *
   * @param rows numbers from 0 up to this one
   */
  static void define(
      StreamExecutionEnvironment env,
      long rows,
      MapFunction<Long, Reading> readings,
      ClickHouseConfig config) {
    env.fromSequence(0, rows - 1)
        .uid("numbers")
        .map(readings)
        .returns(Reading.class)
        .uid("readings")
        .sinkTo(
            ClickHouseSink.<Reading>builder().config(config).mapping(Reading.mapping("t")).build())
        .uid("sink");
  }

  /** Settings of a job that restarts so often, 100 ms after each failure. */
  static Configuration restarting(int attempts) {
    return new Configuration()
        .set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
        .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, attempts)
        .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
  }

  /** Settings of a job that fails when it fails. */
  static Configuration withoutRestarts() {
    return new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, "none");
  }
}
