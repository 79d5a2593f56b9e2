package io.eventpipeline.job;

import io.eventpipeline.config.ConfigException;
import io.eventpipeline.config.ConfigReader;
import io.eventpipeline.job.clickhouse.ClickHouseSinks;
import io.eventpipeline.job.lookup.PostgresDriver;
import io.eventpipeline.job.users.UserActivitySink;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code --config FILE}: reads the configuration, checks what it needs (see {@link StartChecks})
 * and submits the job.
 */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final int MAX_PARALLELISM = 128;

  /**
   * What fails later than this after a restart is no loop of restarts, and waits no longer than a
   * first failure. With a minute, a job whose TaskManagers were killed ten seconds apart stood
   * still for the longest wait each time.
   */
  private static final Duration RAN_AGAIN = Duration.ofSeconds(5);

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 2 || !arguments[0].equals("--config")) {
      throw new IllegalArgumentException("usage: --config FILE");
    }
    JobConfig config;
    try {
      config = ConfigReader.read(JobConfig.class, Path.of(arguments[1]), "JOB", System.getenv());
    } catch (ConfigException e) {
      LOG.error(e.getMessage());
      throw e;
    }
    LOG.info("configuration: {}", config);
    var env = StreamExecutionEnvironment.getExecutionEnvironment(settings(config));
    try {
      if (!StartChecks.passedBefore(config, env.getConfiguration())) {
        StartChecks.run(config);
      }
    } catch (StartRefusedException e) {
      LOG.error("not started: {}", e.getMessage());
      throw e;
    } finally {
      PostgresDriver.release(); // this may be a JobManager that runs on
    }
    define(env, config, Clock.systemUTC());
    env.execute("event-pipeline");
  }

  /** The topology between the real source and sinks. */
  static void define(StreamExecutionEnvironment env, JobConfig config, Clock clock) {
    define(env, config, sinks(config), clock);
  }

  /** The same with other sinks. */
  static void define(StreamExecutionEnvironment env, JobConfig config, Sinks sinks, Clock clock) {
    EventTopology.define(
        env,
        Sources.raw(config.kafka()),
        new RegistrySchemas(config.registry(), config.redis()),
        sinks,
        config,
        clock);
  }

  static Sinks sinks(JobConfig config) {
    return new Sinks(
        arrivals ->
            arrivals
                .sinkTo(ClickHouseSinks.arrivals(config.clickhouse()))
                .uid("events-raw")
                .name("events-raw"),
        processed ->
            processed
                .sinkTo(ClickHouseSinks.processed(config.clickhouse(), JobVersion.CURRENT))
                .uid("events-processed")
                .name("events-processed"),
        refused ->
            refused
                .sinkTo(ClickHouseSinks.refused(config.clickhouse()))
                .uid("events-errors")
                .name("events-errors"),
        records -> records.sinkTo(KafkaOutput.sink(config)).uid("kafka").name("kafka"),
        users ->
            users
                .sinkTo(new UserActivitySink(config.postgres(), config.users()))
                .uid("users")
                .name("users"));
  }

  /** How Flink runs the job; what the cluster's own configuration leaves to it. */
  static Configuration settings(JobConfig config) {
    Configuration flink = new Configuration();
    flink.set(PipelineOptions.GENERIC_TYPES, false); // Kryo never
    flink.set(PipelineOptions.AUTO_GENERATE_UIDS, false); // state must be found after an upgrade
    flink.set(PipelineOptions.OBJECT_REUSE, true); // records are immutable
    flink.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM); // can never be changed later

    JobConfig.Checkpoint checkpoint = config.checkpoint();
    flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpoint.interval());
    flink.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, checkpoint.timeout());
    flink.set(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, checkpoint.minPause());
    flink.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, checkpoint.failuresMax());
    flink.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
    flink.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    flink.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
    flink.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    flink.set(RocksDBOptions.OPTIONS_FACTORY, StateOptions.class.getName());
    flink.set(RocksDBOptions.USE_PARTITIONED_INDEX_FILTERS, true); // see StateOptions

    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    flink.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
        config.restart().initialDelay());
    flink.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
        config.restart().maxDelay());
    flink.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
        RAN_AGAIN);
    return flink;
  }
}
