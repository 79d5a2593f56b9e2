package io.eventpipeline.launcher.stack;

import java.nio.file.Path;

/**
 * What a stack consists of and where.
 *
 * @param home where it keeps its data
 * @param ports where it listens
 * @param programs what the build made
 * @param taskManagers how many
 * @param slots of each TaskManager; all of them run the job
 */
public record StackPlan(
    StackHome home, StackPorts ports, Programs programs, int taskManagers, int slots) {

  /** One TaskManager with two slots: what two cores can use. */
  public static StackPlan of(StackHome home, int portOffset, Path root) {
    return new StackPlan(home, new StackPorts(portOffset), new Programs(root), 1, 2);
  }
}
