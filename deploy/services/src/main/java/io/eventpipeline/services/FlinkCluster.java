package io.eventpipeline.services;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A standalone session cluster with web UI, to which jobs are submitted over REST as on any other.
 * Checkpoints are kept when a job ends, whatever ended it; a killed JobManager forgets its jobs, so
 * they are submitted again from their newest checkpoint.
 */
public final class FlinkCluster {
  private final Path home;
  private final FlinkJobManager jobManager;
  private final List<Service> taskManagers;

  private FlinkCluster(Path home, FlinkJobManager jobManager, List<Service> taskManagers) {
    this.home = home;
    this.jobManager = jobManager;
    this.taskManagers = List.copyOf(taskManagers);
  }

  static FlinkCluster of(
      Path home, Path logs, int taskManagers, int slots, Sizes sizes, Ports ports) {
    var jobManager =
        new FlinkJobManager(
            home,
            logs.resolve("flink-jobmanager.log"),
            taskManagers * slots,
            sizes.jobManagerHeap(),
            ports,
            List.of(ports.reserve(8081), ports.reserve(0)));
    List<Service> workers =
        IntStream.rangeClosed(1, taskManagers)
            .<Service>mapToObj(
                number ->
                    new FlinkTaskManager(
                        number,
                        home,
                        logs.resolve("flink-taskmanager-" + number + ".log"),
                        slots,
                        sizes,
                        ports,
                        jobManager))
            .toList();
    return new FlinkCluster(home, jobManager, workers);
  }

  /** Its port is that of REST and web UI. */
  public Service jobManager() {
    return jobManager;
  }

  /** They have no port for clients: {@link Service#port} is 0. */
  public List<Service> taskManagers() {
    return taskManagers;
  }

  /** {@code http://host:port}, without a path. */
  public String restUrl() {
    return jobManager.restUrl();
  }

  /** One directory per job id with {@code chk-N} in it. */
  public Path checkpoints() {
    return FlinkJobManager.checkpoints(home);
  }

  public Path savepoints() {
    return FlinkJobManager.savepoints(home);
  }

  List<Service> services() {
    var all = new ArrayList<Service>(List.of(jobManager));
    all.addAll(taskManagers);
    return all;
  }
}
