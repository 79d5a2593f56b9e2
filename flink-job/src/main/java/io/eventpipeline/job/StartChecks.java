package io.eventpipeline.job;

import io.eventpipeline.contract.Topics;
import io.eventpipeline.job.kafka.BrokerChecks;
import io.eventpipeline.job.lease.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptionsInternal;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.runtime.jobmanager.HighAvailabilityMode;

/**
 * What must be so before the job is submitted: brokers that can keep its promise, and no other job
 * under its names.
 */
final class StartChecks {
  private StartChecks() {}

  /**
   * Returns when the job may start: within a minute, or {@code kafka.lease} when a job that died
   * still has to be waited for.
   *
   * @throws StartRefusedException when it may not
   */
  static void run(JobConfig config) throws InterruptedException {
    BrokerChecks.run(
        KafkaOutput.connection(config.kafka()),
        config.kafka().transactionTimeout(),
        topics(config));
    Lease.awaitFree(KafkaOutput.leaseTerms(config));
  }

  /**
   * Whether this is no start, but Flink runs main once more to recover a job whose JobManager died.
   * It does so with a job that was submitted as an application, under an id that stays; a job of
   * {@code /jars/run} or {@code flink run} is recovered without its main. What main throws then
   * ends the job for ever. So a job that ran before under its id is not checked again, and
   * Postgres, who knows that, is waited for, at the first start of an application too.
   *
   * @param flink what main was given: the cluster's settings among it
   */
  static boolean passedBefore(JobConfig config, ReadableConfig flink) throws InterruptedException {
    boolean recovers =
        HighAvailabilityMode.isHighAvailabilityModeActivated(Configuration.fromMap(flink.toMap()));
    Optional<String> id = flink.getOptional(PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID);
    return recovers && id.isPresent() && Lease.wasTakenBy(KafkaOutput.leaseTerms(config), id.get());
  }

  /** All that the job reads and writes. */
  static List<String> topics(JobConfig config) {
    List<String> topics = new ArrayList<>(KafkaOutput.topics(config));
    topics.add(Topics.RAW);
    return topics;
  }
}
