package io.eventpipeline.migrate;

/**
 * A database that cannot be brought to the described state; the message says which script and why.
 */
public final class MigrationException extends RuntimeException {
  MigrationException(String message) {
    super(message);
  }

  MigrationException(String message, Throwable cause) {
    super(message, cause);
  }
}
