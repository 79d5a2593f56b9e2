package io.eventpipeline.services;

import java.nio.file.Path;
import java.util.List;

/**
 * What a cluster of Flink consists of.
 *
 * @param slots of each TaskManager
 * @param highAvailability files of Flink's settings that make it survive its JobManager; with any,
 *     it has two JobManagers and a ZooKeeper
 */
record FlinkPlan(int taskManagers, int slots, List<Path> highAvailability) {
  FlinkPlan {
    highAvailability = List.copyOf(highAvailability);
  }

  boolean isHighlyAvailable() {
    return !highAvailability.isEmpty();
  }

  int jobManagers() {
    return isHighlyAvailable() ? 2 : 1;
  }

  /** The parallelism of a job that names none. */
  int allSlots() {
    return taskManagers * slots;
  }
}
