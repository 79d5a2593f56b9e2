package io.eventpipeline.job.kafka;

import java.io.IOException;
import java.io.Serializable;

/** Keeps two running jobs from using one transactional id prefix: they would abort each other's. */
public interface Ownership extends Serializable {
  /** For jobs that nobody else runs, such as those of tests. */
  Ownership UNCONTESTED = job -> new Unchecked();

  /**
   * Before anything is done under the prefix; again by the same job is no conflict.
   *
   * @param job Flink's job id
   * @throws RuntimeException when another job that runs has it
   */
  Claim claim(String job) throws IOException;

  /** Held until it is closed. */
  interface Claim extends AutoCloseable {
    /** Throws when another job has it by now. */
    void check();

    @Override
    void close();
  }

  /** Nobody else is there. */
  final class Unchecked implements Claim {
    @Override
    public void check() {
      // there is nobody to lose it to
    }

    @Override
    public void close() {
      // nothing is held
    }
  }
}
