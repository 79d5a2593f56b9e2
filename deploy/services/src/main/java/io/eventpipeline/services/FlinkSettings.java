package io.eventpipeline.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The configuration that all processes of a cluster read, and the directories that it names.
 *
 * @param zooKeeper of a cluster that is highly available
 */
record FlinkSettings(Path home, FlinkPlan plan, Optional<ZooKeeper> zooKeeper) {
  private static final List<String> DIRECTORIES =
      List.of("checkpoints", "savepoints", "ha", "work", "tmp", "upload");

  Path directory() {
    return home.resolve("conf");
  }

  Path logging() {
    return directory().resolve("log4j2.properties");
  }

  /** What processes keep on their own disk for the next of their name. */
  Path work() {
    return home.resolve("work");
  }

  Path checkpoints() {
    return home.resolve("checkpoints");
  }

  Path savepoints() {
    return home.resolve("savepoints");
  }

  /**
   * Makes all of it, for a cluster that has not started.
   *
   * <p>Its TaskManagers must not remember jobs of a JobManager that has gone with all of them: they
   * would keep their slots for it, and the job that is submitted again waits for half a minute.
   *
   * @param rpcPort of the only JobManager; several choose theirs and say them in ZooKeeper
   */
  void write(int rpcPort) {
    if (!plan.isHighlyAvailable()) {
      ServerFiles.delete(work());
    }
    DIRECTORIES.forEach(name -> ServerFiles.directories(home.resolve(name)));
    ServerFiles.write(logging(), ServerFiles.resource("console-log4j2.properties"));
    ServerFiles.write(directory().resolve("config.yaml"), yaml(rpcPort) + "\n" + keeping());
  }

  /** For every process: this place's values of what the shipped settings say for another. */
  List<String> arguments() {
    return zooKeeper
        .map(
            quorum ->
                List.of(
                    "--configDir",
                    directory().toString(),
                    "-Dhigh-availability.zookeeper.quorum=" + quorum.quorum(),
                    "-Dhigh-availability.storageDir=file://" + home.resolve("ha"),
                    "-Dexecution.checkpointing.dir=file://" + checkpoints(),
                    "-Dexecution.checkpointing.savepoint-dir=file://" + savepoints()))
        .orElseGet(() -> List.of("--configDir", directory().toString()));
  }

  /** Where checkpoints are and how many; the shipped settings say both. */
  private String keeping() {
    if (plan.isHighlyAvailable()) {
      return plan.highAvailability().stream()
          .map(FlinkSettings::read)
          .collect(Collectors.joining("\n"));
    }
    return """
        execution.checkpointing.dir: file://%s
        execution.checkpointing.savepoint-dir: file://%s
        execution.checkpointing.num-retained: 2
        """
        .formatted(checkpoints(), savepoints());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String yaml(int rpcPort) {
    return """
        # Every listener is on the loopback interface; each JobManager is told its REST port
        jobmanager.rpc.address: 127.0.0.1
        jobmanager.rpc.port: %1$d
        jobmanager.bind-host: 127.0.0.1
        taskmanager.host: 127.0.0.1
        taskmanager.bind-host: 127.0.0.1
        rest.address: 127.0.0.1
        rest.bind-address: 127.0.0.1
        web.submit.enable: true
        web.cancel.enable: true
        web.upload.dir: %3$s/upload
        # How old an answer about a job may be; with 3 s everyone who waits for a checkpoint waits longer
        web.refresh-interval: 1 s

        # A killed process refuses the next two heartbeats and is noticed in 1 s; the timeout is for
        # one that hangs. With 5 s a machine with 20 times as many runnable threads as cores never
        # got a job past its restart
        heartbeat.interval: 500
        heartbeat.rpc-failure-threshold: 2
        heartbeat.timeout: 15000
        # A TaskManager that comes back offers its slots to the jobs that it had, and keeps them from
        # others until it is told that their JobManager is gone: with 10 s between two tries a job
        # that was submitted again waited 7 s for its second slot
        cluster.registration.error-delay: 500 ms
        # Nor did the JobManager start there, or deploy a task, within Flink's 10 s
        pekko.startup-timeout: 60 s
        pekko.ask.timeout: 30 s

        parallelism.default: %2$d
        state.backend.type: rocksdb
        execution.checkpointing.incremental: true
        execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION

        # A TaskManager that comes back under its name finds its state on its own disk
        execution.checkpointing.local-backup.enabled: true
        execution.state-recovery.from-local: true
        process.working-dir: %4$s
        io.tmp.dirs: %3$s/tmp
        """
        .formatted(rpcPort, plan.allSlots(), home, work());
  }
}
