package io.eventpipeline.launcher.stack;

import io.eventpipeline.services.Probe;
import java.io.IOException;

/** Asks the components of a running stack, each in its own protocol, from outside its launcher. */
public final class Probes {
  private final RunningStack stack;

  public Probes(RunningStack stack) {
    this.stack = stack;
  }

  /**
   * Whether the component answers now; takes 2 s at most.
   *
   * @param component as {@code status} names it
   */
  public boolean answers(String component) {
    StackPorts ports = stack.ports();
    return switch (component) {
      case "kafka" -> Probe.kafka(ports.kafka());
      case "redis" -> Probe.redis(ports.redis());
      case "postgres" ->
          Probe.postgres(
              ports.postgres(), LocalAccess.POSTGRES_USER, LocalAccess.POSTGRES_DATABASE);
      case "clickhouse" -> Probe.http(ports.clickhouse(), "/ping");
      case "schema-registry" -> Probe.http(ports.registry(), "/health/ready");
      case "edge" -> Probe.http(ports.edge(), "/health/ready");
      case "flink-jobmanager" -> Probe.http(ports.flink(), "/overview");
      default -> isRegistered(component);
    };
  }

  /**
   * A TaskManager has no port of its own; {@code flink-taskmanager-2} counts once two are there.
   */
  private boolean isRegistered(String component) {
    int number = Integer.parseInt(component.substring(component.lastIndexOf('-') + 1));
    try {
      return new FlinkRest(stack.flink()).taskManagers() >= number;
    } catch (IOException noAnswer) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
