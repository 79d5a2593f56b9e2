package io.eventpipeline.services;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A standalone session cluster with web UI, to which jobs are submitted over REST as on any other.
 * Checkpoints are kept when a job ends, whatever ended it. The only JobManager forgets its jobs
 * when it is killed, so they are submitted again from their newest checkpoint; with {@link
 * ServiceKit.Builder#highAvailability} there are two, of which one leads and the other takes over
 * with all jobs.
 */
public final class FlinkCluster {
  private static final int REST = 8081;

  private final FlinkSettings settings;
  private final List<FlinkJobManager> jobManagers;
  private final List<Service> taskManagers;

  private FlinkCluster(FlinkPlan plan, Places places) {
    this.settings = places.settings(plan);
    this.jobManagers =
        IntStream.rangeClosed(1, plan.jobManagers())
            .mapToObj(number -> places.jobManager(number, settings))
            .toList();
    this.taskManagers =
        IntStream.rangeClosed(1, plan.taskManagers())
            .mapToObj(number -> places.taskManager(number, settings, this::restUrl))
            .toList();
    settings.write(jobManagers.get(0).rpcPort());
  }

  static FlinkCluster of(Path home, Path logs, FlinkPlan plan, Sizes sizes, Ports ports) {
    return new FlinkCluster(plan, new Places(home, logs, sizes, ports));
  }

  /** The only JobManager, or the first; its port is that of REST and web UI. */
  public Service jobManager() {
    return jobManagers.get(0);
  }

  /** Each answers on its own port for the whole cluster. */
  public List<Service> jobManagers() {
    return List.copyOf(jobManagers);
  }

  /** The JobManager that was elected; empty between the death of one and the next election. */
  public Optional<Service> leader() {
    return jobManagers.stream()
        .filter(FlinkJobManager::leads)
        .<Service>map(leading -> leading)
        .findFirst();
  }

  /** They have no port for clients: {@link Service#port} is 0. */
  public List<Service> taskManagers() {
    return taskManagers;
  }

  /** {@code http://host:port} of the first JobManager that runs, without a path. */
  public String restUrl() {
    return jobManagers.stream()
        .filter(one -> one.pid().isPresent())
        .findFirst()
        .orElse(jobManagers.get(0))
        .restUrl();
  }

  /** One directory per job id with {@code chk-N} in it. */
  public Path checkpoints() {
    return settings.checkpoints();
  }

  public Path savepoints() {
    return settings.savepoints();
  }

  List<Service> services() {
    var all = new ArrayList<Service>();
    settings.zooKeeper().ifPresent(all::add);
    all.addAll(jobManagers);
    all.addAll(taskManagers);
    return all;
  }

  /** Where the processes of one cluster live. */
  private record Places(Path home, Path logs, Sizes sizes, Ports ports) {
    FlinkSettings settings(FlinkPlan plan) {
      Path logging = new FlinkSettings(home, plan, Optional.empty()).logging();
      return new FlinkSettings(
          home,
          plan,
          plan.isHighlyAvailable()
              ? Optional.of(
                  new ZooKeeper(home.resolve("zookeeper"), log("zookeeper"), logging, ports))
              : Optional.empty());
    }

    FlinkJobManager jobManager(int number, FlinkSettings settings) {
      String name =
          settings.plan().jobManagers() == 1 ? "flink-jobmanager" : "flink-jobmanager-" + number;
      return new FlinkJobManager(
          name,
          settings,
          log(name),
          sizes.jobManagerHeap(),
          ports,
          List.of(ports.reserve(REST + number - 1), ports.reserve(0)));
    }

    Service taskManager(int number, FlinkSettings settings, Supplier<String> restUrl) {
      return new FlinkTaskManager(
          number, settings, log("flink-taskmanager-" + number), sizes, ports, restUrl);
    }

    private Path log(String name) {
      return logs.resolve(name + ".log");
    }
  }
}
