package io.eventpipeline.schema;

import java.io.IOException;
import tools.jackson.databind.JsonNode;

/** One GET to the registry. */
interface RegistryApi extends AutoCloseable {
  /**
   * Asks once.
   *
   * @param path with query, from {@code /schemas}
   * @param etag the last answer's, or {@code ""}
   * @throws IOException for everything that says nothing about the schema: no connection, no answer
   *     in time, an answer that is not the registry's, a refused token. {@link NotUnderstood} when
   *     it says nothing about other schemas either
   */
  Answer get(String path, String etag) throws IOException;

  /** Somebody answered at once, and not as the registry does: no reason to spare it. */
  final class NotUnderstood extends IOException {
    private static final long serialVersionUID = 1L;

    NotUnderstood(String message) {
      super(message);
    }
  }

  @Override
  void close();

  /**
   * A usable answer.
   *
   * @param kind what the registry said
   * @param body JSON when {@code FOUND}, else null
   * @param etag {@code ""} when none was sent
   */
  record Answer(Kind kind, JsonNode body, String etag) {
    enum Kind {
      FOUND,
      NOT_MODIFIED,
      UNKNOWN_TYPE,
      UNKNOWN_VERSION
    }
  }
}
