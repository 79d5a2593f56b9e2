package io.eventpipeline.services;

import java.nio.file.Path;
import java.util.List;

/** Makes servers that are not started yet; one implementation per way to run them. */
interface Servers {
  /** One cluster. */
  List<KafkaBroker> kafka();

  RedisServer redis();

  PostgresServer postgres();

  ClickHouseServer clickhouse();

  FlinkCluster flink(FlinkPlan plan);

  /** Where the output of a service of this name goes. */
  Path log(String name);
}
