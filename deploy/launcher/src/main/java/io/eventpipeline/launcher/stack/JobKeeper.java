package io.eventpipeline.launcher.stack;

import io.eventpipeline.launcher.cli.CommandException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the one job running: submits it from the newest snapshot of this data directory, again when
 * it failed for good or the JobManager lost it, and takes a savepoint before the stack stops.
 *
 * <p>It never starts without state where there was some: a snapshot that is on disk is used or the
 * submission fails. One thread at a time.
 */
final class JobKeeper {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final String STAND_IN = "the next start goes on from the newest checkpoint";

  private final FlinkRest flink;
  private final StackPlan plan;
  private final StackHome home;
  private final Console console;
  private final InstantSource clock;
  private final Backoff backoff = new Backoff();
  private Instant notBefore = Instant.MIN;
  private String jobId;
  private String lastWord = "";

  JobKeeper(FlinkRest flink, StackPlan plan, Console console, InstantSource clock) {
    this.flink = flink;
    this.plan = plan;
    this.home = plan.home();
    this.console = console;
    this.clock = clock;
  }

  /**
   * Submits an uploaded jar.
   *
   * @return what it goes on from, for people
   */
  String submit(String jarId) throws IOException, InterruptedException {
    Snapshot.Search search = Snapshot.search(home.snapshots());
    search.unreadable().forEach(path -> console.line("not readable, left alone: " + path));
    Optional<Snapshot> newest = search.newest();
    if (newest.isEmpty() && !search.unreadable().isEmpty()) {
      throw new CommandException(
          "no checkpoint can be read and the job must not start without its state;"
              + " 'up --fresh' discards everything");
    }
    backoff.started(clock.instant());
    jobId =
        flink.run(
            jarId,
            List.of("--config", new StackConfig(plan).jobFile().toString()),
            plan.taskManagers() * plan.slots(),
            newest.map(Snapshot::directory).orElse(null));
    return newest
        .map(s -> "from " + home.data().relativize(s.directory()))
        .orElse("without earlier state");
  }

  /** The jar is uploaded apart, since a starting JobManager can take it before all else is up. */
  String upload() throws IOException, InterruptedException {
    return flink.upload(plan.programs().jobJar());
  }

  /**
   * Returns when every task runs and a checkpoint was completed.
   *
   * @throws CommandException when that takes longer than {@code limit}; the message has the cause
   *     that Flink gives
   */
  void awaitRunning(Duration limit) throws InterruptedException {
    Instant deadline = clock.instant().plus(limit);
    String seen = "not submitted";
    while (clock.instant().isBefore(deadline)) {
      try {
        Optional<FlinkRest.Job> job = live();
        if (job.isPresent()) {
          jobId = job.get().id();
          seen = job.get().state() + flink.failure(jobId).map(f -> ": " + f).orElse("");
          if (job.get().running() && flink.completedCheckpoints(jobId) > 0) {
            return;
          }
        }
      } catch (IOException e) {
        seen = "JobManager: " + e.getMessage();
      }
      Thread.sleep(POLL.toMillis());
    }
    throw new CommandException(
        "the job is not running after " + limit.toSeconds() + " s (" + seen + ")");
  }

  private Optional<FlinkRest.Job> live() throws IOException, InterruptedException {
    return flink.jobs().stream().filter(job -> !job.ended()).findFirst();
  }

  /**
   * Looks once whether the job is there and submits it when it must be. A job that somebody
   * cancelled or finished is left alone: that was a decision.
   */
  void tend() throws InterruptedException {
    try {
      List<FlinkRest.Job> jobs = flink.jobs();
      Optional<FlinkRest.Job> live = jobs.stream().filter(job -> !job.ended()).findFirst();
      if (live.isPresent()) {
        jobId = live.get().id();
        say(live.get().state(), "job is " + live.get().state());
        return;
      }
      Optional<FlinkRest.Job> mine =
          jobs.stream().filter(job -> job.id().equals(jobId)).findFirst();
      String state = mine.map(FlinkRest.Job::state).orElse("");
      if (state.equals("CANCELED") || state.equals("FINISHED")) {
        say(state, "job was " + state + " from outside; it is not submitted again");
        return;
      }
      if (!clock.instant().isBefore(notBefore)) {
        notBefore = clock.instant().plus(backoff.died(clock.instant()));
        String why = mine.isPresent() ? "FAILED" + because() : "lost with the JobManager";
        console.line("job " + why + "; submitting it again");
        console.line("job submitted " + submit(upload()));
        lastWord = "";
      }
    } catch (IOException e) {
      // The JobManager's watcher reports and restarts it; here it is enough to look again.
      lastWord = "JobManager does not answer";
    } catch (CommandException e) {
      say(e.getMessage(), e.getMessage());
    }
  }

  private String because() throws IOException, InterruptedException {
    return flink.failure(jobId).map(cause -> " (" + cause + ")").orElse("");
  }

  private void say(String word, String line) {
    boolean firstSight = lastWord.isEmpty() && word.equals("RUNNING");
    if (!word.equals(lastWord) && !firstSight) {
      console.line(line);
    }
    lastWord = word;
  }

  /**
   * Takes a savepoint and stops the job.
   *
   * @return whether a savepoint is on disk; if not, the newest checkpoint is what the next start
   *     goes on from, provided that the JobManager gets no chance to delete it
   */
  boolean stopWithSavepoint(Duration limit) throws InterruptedException {
    Instant deadline = clock.instant().plus(limit);
    try {
      Optional<FlinkRest.Job> job = live();
      if (job.isEmpty()) {
        return Snapshot.search(home.snapshots()).newest().isPresent();
      }
      String trigger = flink.stopWithSavepoint(job.get().id(), home.savepoints());
      while (clock.instant().isBefore(deadline)) {
        if (flink.savepoint(job.get().id(), trigger).isPresent()) {
          return true;
        }
        Thread.sleep(POLL.toMillis());
      }
      console.line(
          "no savepoint within " + limit.toSeconds() + " s: the last checkpoint stands in");
    } catch (IOException e) {
      console.line("no savepoint (" + e.getMessage() + "); " + STAND_IN);
    }
    return false;
  }
}
