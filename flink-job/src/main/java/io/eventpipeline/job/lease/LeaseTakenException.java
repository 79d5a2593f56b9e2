package io.eventpipeline.job.lease;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/** Another running job has the name. Flink does not restart the job for this one. */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class LeaseTakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LeaseTakenException(String holder) {
    super(
        holder
            + ". Stop that job, or give this one a kafka.transactionalIdPrefix and a kafka.groupId of its own");
  }
}
