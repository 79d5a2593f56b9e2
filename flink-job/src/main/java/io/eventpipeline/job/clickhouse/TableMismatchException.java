package io.eventpipeline.job.clickhouse;

/** The live table is not what the mapping says; the message names table, columns and both types. */
public final class TableMismatchException extends RuntimeException {
  TableMismatchException(String message) {
    super(message);
  }
}
