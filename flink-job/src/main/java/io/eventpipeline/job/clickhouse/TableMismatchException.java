package io.eventpipeline.job.clickhouse;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * The live table is not what the mapping says; the message names table, columns and both types.
 * Flink does not restart the job for this one.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class TableMismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TableMismatchException(String message) {
    super(message);
  }
}
