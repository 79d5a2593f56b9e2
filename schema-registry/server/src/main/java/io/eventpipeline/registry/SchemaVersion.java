package io.eventpipeline.registry;

import java.time.Instant;

/**
 * One version of one event type, as stored.
 *
 * @param id of the content; the same for every type that uses the same content
 * @param type event type
 * @param version from 1, without gaps
 * @param status of this version
 * @param description the owner's words, may be {@code ""}
 * @param schema JSON text as registered, without white space
 * @param sha256 of the canonical form, hexadecimal
 * @param createdAt when this version was registered
 */
record SchemaVersion(
    int id,
    String type,
    int version,
    Status status,
    String description,
    String schema,
    String sha256,
    Instant createdAt) {

  /** Where a version stands. Only forward, from top to bottom. */
  enum Status {
    DRAFT("draft"),
    PUBLISHED("published"),
    DEPRECATED("deprecated"),
    WITHDRAWN("withdrawn");

    private final String code;

    Status(String code) {
      this.code = code;
    }

    /** Stored and shown: never rename one. */
    String code() {
      return code;
    }

    static Status of(String code) {
      for (Status status : values()) {
        if (status.code.equals(code)) {
          return status;
        }
      }
      throw new IllegalArgumentException("no status " + code);
    }
  }
}
