package io.eventpipeline.job;

import io.eventpipeline.contract.Topics;
import io.eventpipeline.job.kafka.BrokerChecks;
import io.eventpipeline.job.lease.Lease;
import java.util.ArrayList;
import java.util.List;

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

  /** All that the job reads and writes. */
  static List<String> topics(JobConfig config) {
    List<String> topics = new ArrayList<>(KafkaOutput.topics(config));
    topics.add(Topics.RAW);
    return topics;
  }
}
