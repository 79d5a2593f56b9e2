package io.eventpipeline.services;

/**
 * One Kafka broker that is its own controller. Topics are never created by use; a transaction may
 * stay open for up to one hour ({@code transaction.max.timeout.ms}).
 */
public interface KafkaBroker extends Service {
  /** {@code host:port}. */
  String bootstrapServers();
}
