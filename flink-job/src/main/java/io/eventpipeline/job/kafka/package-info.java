/** Kafka output of which nothing is lost unnoticed; see {@link GuardedKafkaSink}. */
package io.eventpipeline.job.kafka;
