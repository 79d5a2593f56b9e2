package io.eventpipeline.launcher.stack;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/**
 * The job on the cluster, in one word or line.
 *
 * @param ready every task of it runs
 * @param detail Flink's state of it, or why there is none
 */
public record JobStatus(boolean ready, String detail) {

  /** Asks the JobManager at {@code flink}. */
  public static JobStatus ask(URI flink) throws InterruptedException {
    try {
      List<FlinkRest.Job> live =
          new FlinkRest(flink).jobs().stream().filter(job -> !job.ended()).toList();
      if (live.isEmpty()) {
        return new JobStatus(false, "not submitted");
      }
      FlinkRest.Job job = live.get(0);
      return new JobStatus(
          job.running(),
          job.running() || !job.state().equals("RUNNING") ? job.state() : "tasks starting");
    } catch (IOException e) {
      return new JobStatus(false, "JobManager does not answer");
    }
  }
}
