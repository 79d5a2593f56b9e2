package io.eventpipeline.edge.status;

import io.eventpipeline.config.Check;
import io.eventpipeline.config.Secret;
import java.net.URI;
import java.time.Duration;

/**
 * What {@code /pipeline/status} asks.
 *
 * @param flinkUrl REST address of the JobManager
 * @param clickhouseUrl HTTP address
 * @param redisHost host
 * @param redisPort port
 * @param registryUrl address of the schema registry
 * @param registryToken bearer token that may read schemas
 * @param consumerGroup Kafka group of the job, for its lag
 * @param timeout longest wait for one component
 * @param maxAge how old an answer may be
 */
public record StatusConfig(
    URI flinkUrl,
    URI clickhouseUrl,
    String redisHost,
    int redisPort,
    URI registryUrl,
    Secret registryToken,
    String consumerGroup,
    Duration timeout,
    Duration maxAge) {
  public StatusConfig {
    Check.that(
        redisPort >= 0 && redisPort <= 65_535,
        "status.redisPort must be in 0..65535, was %s",
        redisPort);
    Check.that(
        !timeout.isNegative() && !timeout.isZero(),
        "status.timeout must be longer than PT0S, was %s",
        timeout);
    Check.that(!maxAge.isNegative(), "status.maxAge must be >= PT0S, was %s", maxAge);
  }
}
