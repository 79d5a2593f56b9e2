package io.eventpipeline.launcher.load;

import io.eventpipeline.config.Check;
import io.eventpipeline.config.Secret;
import java.net.URI;
import java.util.List;

/**
 * Where a load is sent, and where it is looked for.
 *
 * @param edge the edge's public listener, e.g. {@code http://127.0.0.1:8080}; no trailing slash
 * @param stores who sends: one write key for each store; at least one
 * @param clickhouse ClickHouse over HTTP; no trailing slash
 * @param clickhouseUser a user that may read database {@code events}
 * @param clickhousePassword of that user
 * @param kafkaBootstrapServers {@code bootstrap.servers} of the broker
 * @param consumerGroup the job's group, whose committed offsets give the lag
 */
public record Target(
    URI edge,
    List<StoreKey> stores,
    URI clickhouse,
    String clickhouseUser,
    Secret clickhousePassword,
    String kafkaBootstrapServers,
    String consumerGroup) {

  public Target {
    Check.that(!stores.isEmpty(), "a load needs at least one store");
    Check.that(stores.size() <= Byte.MAX_VALUE, "a load takes at most 127 stores");
    stores = List.copyOf(stores);
  }

  /**
   * A store and the key that may write its events.
   *
   * @param store the event's {@code storeid}
   * @param currency of its prices, ISO 4217
   * @param writeKey sent as a Bearer token
   */
  public record StoreKey(String store, String currency, Secret writeKey) {}
}
