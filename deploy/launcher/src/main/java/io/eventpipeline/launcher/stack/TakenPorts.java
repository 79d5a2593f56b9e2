package io.eventpipeline.launcher.stack;

import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.services.Ports;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Looks for taken ports before anything is started: nothing has to be undone then. */
final class TakenPorts {
  /** Below the ports that Linux gives to outgoing connections, above the documented ones. */
  private static final int FREE_MIN = 1_000;

  private static final int FREE_MAX = 23_000;

  private static final int TRIES_MAX = 100;

  private TakenPorts() {}

  /**
   * A random offset at which every port is free now.
   *
   * @throws CommandException when none was found
   */
  static StackPorts free(RandomGenerator random) {
    for (int i = 0; i < TRIES_MAX; i++) {
      StackPorts ports = new StackPorts(random.nextInt(FREE_MIN, FREE_MAX));
      if (areFree(ports)) {
        return ports;
      }
    }
    throw new CommandException("no port offset found at which every port is free");
  }

  /** Whether nothing listens on any of them now. */
  static boolean areFree(StackPorts ports) {
    return all(ports).values().stream().allMatch(Ports::isFree);
  }

  /**
   * Returns when all are free.
   *
   * @throws CommandException that names the first that is not, and the option that moves it
   */
  static void check(StackPorts ports) {
    all(ports)
        .forEach(
            (component, port) -> {
              if (!Ports.isFree(port)) {
                throw new CommandException(
                    ("port %d (%s) is taken: stop what listens there, or move all ports with"
                            + " --port-offset N (now %d)")
                        .formatted(port, component, ports.offset()));
              }
            });
  }

  private static Map<String, Integer> all(StackPorts ports) {
    Map<String, Integer> all = new LinkedHashMap<>();
    all.put("edge", ports.edge());
    all.put("edge admin", ports.edgeAdmin());
    all.put("schema registry", ports.registry());
    all.put("Flink web UI", ports.flink());
    for (int broker = 1; broker <= ports.brokers(); broker++) {
      String name = ports.brokers() == 1 ? "Kafka" : "Kafka " + broker;
      all.put(name, ports.kafka(broker));
      all.put(name + " relay", ports.kafkaRelay(broker));
    }
    all.put("ClickHouse HTTP", ports.clickhouse());
    all.put("ClickHouse native", ports.clickhouseNative());
    all.put("Postgres", ports.postgres());
    all.put("Redis", ports.redis());
    return all;
  }
}
