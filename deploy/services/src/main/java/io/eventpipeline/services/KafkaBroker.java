package io.eventpipeline.services;

/**
 * One Kafka broker that is a controller too, alone or one of a cluster. Topics are never created by
 * use; a transaction may stay open for up to one hour ({@code transaction.max.timeout.ms}).
 */
public interface KafkaBroker extends Service {
  /** Documented port of clients of the first broker. */
  int PORT = 9092;

  /** From the port of one broker to that of the next: its own and that of a {@link KafkaRelay}. */
  int PORTS_EACH = 2;

  /** {@code host:port} of every broker of the cluster, with commas between them. */
  String bootstrapServers();
}
