package io.eventpipeline.services;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Runs tasks in its slots; every port of it is chosen by the kernel. */
final class FlinkTaskManager extends ProcessService {
  private static final String MAIN = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";
  private static final String REGISTERED = "Successful registration at resource manager";
  private static final int FRAMEWORK_HEAP = 96;
  private static final int FRAMEWORK_OFF_HEAP = 64;
  private static final int TASK_OFF_HEAP = 64;
  private static final int NETWORK = 96;
  private static final int METASPACE = 256;

  private static final long NONE = -1;

  /**
   * Ten times the JDK's thresholds of the optimising compiler, which as shipped takes one of two
   * cores for the first half minute: when a job starts or recovers. Three demos of 200,000 events
   * in a row made 6,398, 11,430 and 13,463 events/s with these, 5,688, 10,651 and 11,201 without.
   */
  private static final String[] OPTIMISE_LATE = {
    "-XX:Tier4InvocationThreshold=50000",
    "-XX:Tier4MinInvocationThreshold=6000",
    "-XX:Tier4CompileThreshold=150000",
    "-XX:Tier4BackEdgeThreshold=400000"
  };

  private final FlinkSettings settings;
  private final int slots;
  private final Sizes sizes;
  private final Supplier<String> restUrl;
  private volatile long registered = NONE; // process that said so

  /**
   * @param restUrl of a JobManager that runs
   */
  FlinkTaskManager(
      int number,
      FlinkSettings settings,
      Path log,
      Sizes sizes,
      Ports ports,
      Supplier<String> restUrl) {
    super("flink-taskmanager-" + number, log, ports, List.of());
    this.settings = settings;
    this.slots = settings.plan().slots();
    this.sizes = sizes;
    this.restUrl = restUrl;
  }

  @Override
  void prepare() {
    // The cluster wrote the configuration
  }

  @Override
  Map<String, String> environment() {
    return Map.of("MALLOC_ARENA_MAX", "2"); // RocksDB allocates from many threads
  }

  @Override
  List<String> command() {
    int directMemory = FRAMEWORK_OFF_HEAP + TASK_OFF_HEAP + NETWORK;
    return new JavaCommand(name(), ServerFiles.library("flink"), MAIN)
        .jvm("-Xmx" + (FRAMEWORK_HEAP + sizes.taskHeap()) + "m")
        .jvm("-XX:MaxDirectMemorySize=" + directMemory + "m")
        .jvm("-XX:MaxMetaspaceSize=" + METASPACE + "m", "-XX:+ExitOnOutOfMemoryError")
        // Runs the job, so it may optimise, but only what has proved hot
        .jvm(OPTIMISE_LATE)
        // A concurrent collector would take the job's cores
        .jvm("-XX:+UseParallelGC")
        .jvm("-Dlog4j2.configurationFile=" + settings.logging())
        .with(arguments().toArray(String[]::new));
  }

  private List<String> arguments() {
    var all = new ArrayList<>(settings.arguments());
    all.addAll(resources());
    return all;
  }

  /** The program refuses to start unless every part of its memory is given. */
  private List<String> resources() {
    return List.of(
        "-Dtaskmanager.resource-id=" + name(),
        "-Dtaskmanager.numberOfTaskSlots=" + slots,
        "-Dtaskmanager.cpu.cores=" + slots + ".0",
        "-Dtaskmanager.memory.framework.heap.size=" + FRAMEWORK_HEAP + "m",
        "-Dtaskmanager.memory.task.heap.size=" + sizes.taskHeap() + "m",
        "-Dtaskmanager.memory.framework.off-heap.size=" + FRAMEWORK_OFF_HEAP + "m",
        "-Dtaskmanager.memory.task.off-heap.size=" + TASK_OFF_HEAP + "m",
        "-Dtaskmanager.memory.network.min=" + NETWORK + "m",
        "-Dtaskmanager.memory.network.max=" + NETWORK + "m",
        "-Dtaskmanager.memory.managed.size=" + sizes.taskManaged() + "m",
        "-Dtaskmanager.memory.jvm-metaspace.size=" + METASPACE + "m",
        "-Dtaskmanager.memory.jvm-overhead.min=192m",
        "-Dtaskmanager.memory.jvm-overhead.max=192m");
  }

  /**
   * The JobManager lists it. That alone would also be true of a process of the same name that has
   * just died, so this one must have said that it registered.
   */
  @Override
  boolean answers() {
    return saidSo()
        && Probe.body(URI.create(restUrl.get() + "/taskmanagers"))
            .filter(body -> body.contains("\"id\":\"" + name() + "\""))
            .isPresent();
  }

  /** Reads the log only until it is there: who watches this one asks for as long as it runs. */
  private boolean saidSo() {
    long running = pid().orElse(NONE);
    if (registered != running) {
      try {
        if (running != NONE && Files.readString(log()).contains(REGISTERED)) {
          registered = running;
        }
      } catch (IOException noLogYet) {
        return false;
      }
    }
    return registered == running && running != NONE;
  }
}
