package io.eventpipeline.launcher.stack;

import io.eventpipeline.services.FlinkCluster;
import io.eventpipeline.services.KafkaRelay;
import io.eventpipeline.services.Ports;
import io.eventpipeline.services.ServiceKit;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The parts of one stack, each with what is known about it; none is started by being here. */
final class StackComponents implements AutoCloseable {
  private final ServiceKit kit;
  private final List<Component> brokers;
  private final Component redis;
  private final Component postgres;
  private final Component clickhouse;
  private final Component registry;
  private final Component edge;
  private final Component jobManager;
  private final List<Component> taskManagers;

  private StackComponents(StackPlan plan, ServiceKit kit, Console console, InstantSource clock) {
    this.kit = kit;
    StackPorts ports = plan.ports();
    FlinkCluster flink = kit.flink();
    StackConfig config = new StackConfig(plan);
    brokers =
        kit.kafkaBrokers().stream()
            .map(broker -> new Component(broker, broker.port(), console, clock))
            .toList();
    redis = new Component(kit.redis(), ports.redis(), console, clock);
    postgres = new Component(kit.postgres(), ports.postgres(), console, clock);
    clickhouse = new Component(kit.clickhouse(), ports.clickhouse(), console, clock);
    registry =
        new Component(
            kit.add(plan.programs().registry(ports, config.registryFile())),
            ports.registry(),
            console,
            clock);
    edge =
        new Component(
            kit.add(plan.programs().edge(ports, config.edgeFile())), ports.edge(), console, clock);
    jobManager = new Component(flink.jobManager(), ports.flink(), console, clock);
    taskManagers =
        flink.taskManagers().stream()
            .map(taskManager -> new Component(taskManager, null, console, clock))
            .toList();
  }

  static StackComponents create(StackPlan plan, Console console, InstantSource clock) {
    ServiceKit kit =
        ServiceKit.builder(plan.home().services())
            .ports(Ports.offset(plan.ports().offset()))
            .kafka(plan.ports().brokers())
            .kafkaRelays(plan.isDirect() ? List.of() : relays(plan))
            .redis()
            .postgres()
            .clickhouse()
            .flink(plan.taskManagers(), plan.slots())
            .build();
    return new StackComponents(plan, kit, console, clock);
  }

  private static List<KafkaRelay> relays(StackPlan plan) {
    return IntStream.rangeClosed(1, plan.ports().brokers())
        .mapToObj(
            broker -> new KafkaRelay(plan.ports().kafkaRelay(broker), plan.ways().kafka(broker)))
        .toList();
  }

  /** In the order of {@code status}. */
  List<Component> all() {
    List<Component> all = new ArrayList<>(brokers);
    all.addAll(List.of(redis, postgres, clickhouse, registry, edge, jobManager));
    all.addAll(taskManagers);
    return all;
  }

  List<Component> brokers() {
    return brokers;
  }

  Component redis() {
    return redis;
  }

  Component postgres() {
    return postgres;
  }

  Component clickhouse() {
    return clickhouse;
  }

  Component registry() {
    return registry;
  }

  Component edge() {
    return edge;
  }

  Component jobManager() {
    return jobManager;
  }

  List<Component> taskManagers() {
    return taskManagers;
  }

  /** Gives the ports and the data directory back; everything is stopped before. */
  @Override
  public void close() {
    kit.close();
  }
}
