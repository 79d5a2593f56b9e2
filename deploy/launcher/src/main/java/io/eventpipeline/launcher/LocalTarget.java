package io.eventpipeline.launcher;

import io.eventpipeline.config.Secret;
import io.eventpipeline.launcher.load.Target;
import io.eventpipeline.launcher.stack.LocalAccess;
import io.eventpipeline.launcher.stack.RunningStack;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A local stack as the target of a load: the five stores of the demo data. */
final class LocalTarget {
  /** {@code kafka.groupId} in the job's configuration. */
  private static final String CONSUMER_GROUP = "event-pipeline";

  /** Of the demo stores, as deploy/postgres/demo defines them. */
  private static final List<String> CURRENCIES = List.of("EUR", "USD", "JPY", "GBP", "AUD");

  private LocalTarget() {}

  /**
   * Reads {@code stack} where its servers listen.
   *
   * @param edge where to send, which may be a way round to the edge of {@code stack}
   */
  static Target of(RunningStack stack, URI edge) {
    List<Target.StoreKey> stores = new ArrayList<>();
    for (int i = 0; i < LocalAccess.WRITE_KEYS.size(); i++) {
      stores.add(
          new Target.StoreKey(
              "store-" + (i + 1), CURRENCIES.get(i), new Secret(LocalAccess.WRITE_KEYS.get(i))));
    }
    return new Target(
        edge,
        stores,
        stack.clickhouse(),
        LocalAccess.ANALYST_USER,
        new Secret(LocalAccess.ANALYST_PASSWORD),
        stack.kafkaBootstrapServers(),
        CONSUMER_GROUP);
  }
}
