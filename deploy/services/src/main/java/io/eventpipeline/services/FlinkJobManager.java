package io.eventpipeline.services;

import java.nio.file.Path;
import java.util.List;

/** Dispatcher, resource manager, REST and web UI in one JVM; writes the cluster's configuration. */
final class FlinkJobManager extends ProcessService {
  private static final String MAIN =
      "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";

  private final Path home;
  private final int slots;
  private final int heapMegabytes;

  /**
   * @param slots of the whole cluster: the parallelism of a job that names none
   * @param reservations the REST port, then that of RPC
   */
  FlinkJobManager(
      Path home,
      Path log,
      int slots,
      int heapMegabytes,
      Ports ports,
      List<Ports.Reservation> reservations) {
    super("flink-jobmanager", log, ports, reservations);
    this.home = home;
    this.slots = slots;
    this.heapMegabytes = heapMegabytes;
    writeConfiguration(); // TaskManagers, which start at the same time, read it too
  }

  static Path configuration(Path home) {
    return home.resolve("conf");
  }

  static Path logging(Path home) {
    return configuration(home).resolve("log4j2.properties");
  }

  static Path checkpoints(Path home) {
    return home.resolve("checkpoints");
  }

  static Path savepoints(Path home) {
    return home.resolve("savepoints");
  }

  String restUrl() {
    return "http://127.0.0.1:" + port();
  }

  @Override
  void prepare() {
    writeConfiguration();
  }

  private void writeConfiguration() {
    ServerFiles.write(configuration(home).resolve("config.yaml"), yaml());
    ServerFiles.write(logging(home), ServerFiles.resource("console-log4j2.properties"));
    for (String name : List.of("checkpoints", "savepoints", "work", "tmp", "upload")) {
      ServerFiles.directories(home.resolve(name));
    }
  }

  @Override
  List<String> command() {
    return new JavaCommand(name(), ServerFiles.library("flink"), MAIN)
        .jvm("-Xmx" + heapMegabytes + "m", "-XX:MaxMetaspaceSize=256m")
        .jvm("-XX:+ExitOnOutOfMemoryError")
        .quick()
        // This JVM runs the job's main, and Flink looks into JDK collections there
        .jvm("--add-opens=java.base/java.util=ALL-UNNAMED")
        .jvm("-Dlog4j2.configurationFile=" + logging(home))
        .with("--configDir", configuration(home).toString());
  }

  @Override
  boolean answers() {
    return Probe.http(port(), "/overview");
  }

  private String yaml() {
    return """
        # Every listener is on the loopback interface; only REST has a port that is chosen
        jobmanager.rpc.address: 127.0.0.1
        jobmanager.rpc.port: %2$d
        jobmanager.bind-host: 127.0.0.1
        taskmanager.host: 127.0.0.1
        taskmanager.bind-host: 127.0.0.1
        rest.address: 127.0.0.1
        rest.bind-address: 127.0.0.1
        rest.port: %1$d
        rest.bind-port: %1$d
        web.submit.enable: true
        web.cancel.enable: true
        web.upload.dir: %4$s/upload

        # A killed process refuses the next two heartbeats and is noticed in 2 s; the timeout is for
        # one that hangs. With 5 s a machine with 20 times as many runnable threads as cores never
        # got a job past its restart
        heartbeat.interval: 1000
        heartbeat.rpc-failure-threshold: 2
        heartbeat.timeout: 15000
        # A TaskManager that comes back offers its slots to the jobs that it had, and keeps them from
        # others until it is told that their JobManager is gone: with 10 s between two tries a job
        # that was submitted again waited 7 s for its second slot
        cluster.registration.error-delay: 500 ms
        # Nor did the JobManager start there, or deploy a task, within Flink's 10 s
        pekko.startup-timeout: 60 s
        pekko.ask.timeout: 30 s

        parallelism.default: %3$d
        state.backend.type: rocksdb
        execution.checkpointing.incremental: true
        execution.checkpointing.dir: file://%4$s/checkpoints
        execution.checkpointing.savepoint-dir: file://%4$s/savepoints
        execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION
        execution.checkpointing.num-retained: 2

        # A TaskManager that comes back under its name finds its state on its own disk
        execution.checkpointing.local-backup.enabled: true
        execution.state-recovery.from-local: true
        process.working-dir: %4$s/work
        io.tmp.dirs: %4$s/tmp
        """
        .formatted(port(), port(1), slots, home);
  }
}
