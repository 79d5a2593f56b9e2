package io.eventpipeline.launcher.cli;

/** A command that could not do what it was asked: the message is the one line that is printed. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CommandException(String message) {
    super(message);
  }

  public CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
