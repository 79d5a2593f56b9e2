package io.eventpipeline.job.clickhouse;

import java.io.IOException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.apache.flink.util.SerializedThrowable;

/**
 * ClickHouse refuses rows, and neither time nor another try changes that. Flink does not restart
 * the job for this one. The rows are in the newest checkpoint.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class ClickHouseRefusalException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The cause crosses the wire as text too: what it holds may not be serialisable. */
  private ClickHouseRefusalException(BlockFailure failure) {
    super(
        failure.getMessage()
            + ". The job stops and nothing is dropped: mend what ClickHouse refuses, then start it"
            + " from its newest checkpoint",
        new SerializedThrowable(failure));
  }

  /** What Flink should be shown of a failure: this when it is of class STOP, else itself. */
  static IOException orItself(BlockFailure failure) {
    return failure.errorClass() == ErrorClass.STOP
        ? new ClickHouseRefusalException(failure)
        : failure;
  }
}
