package io.eventpipeline.services;

/**
 * A service could not be started or controlled; the message says which one, why, and what to do.
 */
public final class ServiceException extends RuntimeException {
  public ServiceException(String message) {
    super(message);
  }

  public ServiceException(String message, Throwable cause) {
    super(message, cause);
  }
}
