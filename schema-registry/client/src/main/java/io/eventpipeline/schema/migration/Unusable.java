package io.eventpipeline.schema.migration;

/** Ends an evaluation; control flow only, hence without a stack trace. */
final class Unusable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Unusable(String why) {
    super(why, null, false, false);
  }
}
