package io.eventpipeline.services;

import java.nio.file.Path;

/** Makes servers that are not started yet; one implementation per way to run them. */
interface Servers {
  KafkaBroker kafka();

  RedisServer redis();

  PostgresServer postgres();

  ClickHouseServer clickhouse();

  FlinkCluster flink(int taskManagers, int slots);

  /** Where the output of a service of this name goes. */
  Path log(String name);
}
