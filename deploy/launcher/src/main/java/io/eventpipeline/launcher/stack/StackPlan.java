package io.eventpipeline.launcher.stack;

import java.nio.file.Path;

/**
 * What a stack consists of and where.
 *
 * @param home where it keeps its data
 * @param ports where it listens
 * @param ways where our programs find the servers: {@code ports}, or those of something in between
 *     that leads there; Kafka then listens for it on {@link StackPorts#kafkaRelay}
 * @param programs what the build made
 * @param taskManagers how many
 * @param slots of each TaskManager; all of them run the job
 */
public record StackPlan(
    StackHome home,
    StackPorts ports,
    StackPorts ways,
    Programs programs,
    int taskManagers,
    int slots) {

  /**
   * One TaskManager with one slot. The steps of a single subtask are six busy threads, enough for
   * two cores; a second one would double what is paid once a checkpoint: inserts, merges, files of
   * state, transactions.
   */
  public static StackPlan of(StackHome home, int portOffset, Path root) {
    StackPorts ports = new StackPorts(portOffset);
    return new StackPlan(home, ports, ports, new Programs(root), 1, 1);
  }

  /** The same stack, whose programs reach the servers through the ports of {@code others}. */
  public StackPlan through(StackPorts others) {
    return new StackPlan(
        home, ports, others.withBrokers(ports.brokers()), programs, taskManagers, slots);
  }

  /** The same stack with {@code count} brokers. */
  public StackPlan withBrokers(int count) {
    return new StackPlan(
        home, ports.withBrokers(count), ways.withBrokers(count), programs, taskManagers, slots);
  }

  boolean isDirect() {
    return ways.equals(ports);
  }

  /** What our programs take for the stack. */
  RunningStack asSeenByPrograms() {
    return new RunningStack(ways, home.data());
  }
}
