package io.eventpipeline.job.clickhouse;

import java.io.IOException;

/**
 * A try to insert or to look at a block that did not end well, and what that means. By itself it
 * makes Flink restart the job: see {@link ClickHouseRefusalException}.
 */
final class BlockFailure extends IOException {
  private final ErrorClass errorClass;
  private final int code;

  /**
   * What happened.
   *
   * @param code ClickHouse's, 0 when there was no answer from it
   */
  BlockFailure(ErrorClass errorClass, int code, String message, Throwable cause) {
    super(message, cause);
    this.errorClass = errorClass;
    this.code = code;
  }

  ErrorClass errorClass() {
    return errorClass;
  }

  int code() {
    return code;
  }
}
