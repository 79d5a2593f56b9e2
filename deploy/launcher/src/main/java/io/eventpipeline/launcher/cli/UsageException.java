package io.eventpipeline.launcher.cli;

/** A command line that cannot be run as written: one line, exit code 2. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
