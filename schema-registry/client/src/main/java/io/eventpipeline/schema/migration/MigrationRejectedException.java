package io.eventpipeline.schema.migration;

/** An expression that is not accepted as a migration; the message says what is wrong and where. */
public final class MigrationRejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int position;

  MigrationRejectedException(int position, String what) {
    super("at character " + position + ": " + what);
    this.position = position;
  }

  /** Index in the expression, from 0; where the parser stood when it knew. */
  public int position() {
    return position;
  }
}
