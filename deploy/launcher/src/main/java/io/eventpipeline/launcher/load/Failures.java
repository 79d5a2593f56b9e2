package io.eventpipeline.launcher.load;

import java.net.http.WebSocketHandshakeException;

/** Says in one line what went wrong. */
final class Failures {
  private Failures() {}

  /** The message of {@code error}, or its name where it has none, as connection errors often do. */
  static String message(Throwable error) {
    if (error instanceof WebSocketHandshakeException handshake) {
      return "HTTP " + handshake.getResponse().statusCode() + " instead of a WebSocket";
    }
    return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
  }
}
