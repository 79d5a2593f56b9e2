package io.eventpipeline.contract;

/**
 * Why an event was refused.
 *
 * <p>{@link #code} is stored in ClickHouse and Kafka, shown to clients in problem documents and
 * used as the metric label: never rename one. Reasons of the {@link Stage#ACCEPT} stage exist only
 * at the edge, where the caller is told; reasons of {@link Stage#DECODE} are given by the edge to a
 * caller and by the job to what reached the raw topic by another way.
 */
public enum FailureReason {
  /** No write key, or one that is unknown or revoked. */
  UNAUTHORIZED("unauthorized", Stage.ACCEPT),
  /** The event names a store that is not the write key's. */
  STORE_MISMATCH("store_mismatch", Stage.ACCEPT),
  /** The body or the event is larger than the configured maximum. */
  BODY_TOO_LARGE("body_too_large", Stage.ACCEPT),
  /** More events in one batch than the configured maximum, or none. */
  BATCH_SIZE("batch_size", Stage.ACCEPT),
  /** A content type or encoding that the path does not take. */
  UNSUPPORTED_MEDIA_TYPE("unsupported_media_type", Stage.ACCEPT),
  /** Kafka did not acknowledge in time or the queue to it is full: send the same event again. */
  UNAVAILABLE("unavailable", Stage.ACCEPT),

  /** A record without a value, or of zero bytes. */
  EMPTY_PAYLOAD("empty_payload", Stage.DECODE),
  /** Bytes that are not UTF-8. */
  INVALID_ENCODING("invalid_encoding", Stage.DECODE),
  /** Not exactly one well-formed JSON value. */
  MALFORMED_JSON("malformed_json", Stage.DECODE),
  /** The same key twice in one object, escapes resolved. */
  DUPLICATE_KEY("duplicate_key", Stage.DECODE),
  /** Nested deeper than {@link EventLimits#DEPTH_MAX}. */
  NESTING_TOO_DEEP("nesting_too_deep", Stage.DECODE),
  /** A JSON value other than an object. */
  NOT_AN_OBJECT("not_an_object", Stage.DECODE),
  /** A required attribute is absent. */
  MISSING_ATTRIBUTE("missing_attribute", Stage.DECODE),
  /** An attribute of the wrong type, too long, or not in its format. */
  INVALID_ATTRIBUTE("invalid_attribute", Stage.DECODE),

  /** The same identity was seen with other content: the first one won. */
  ID_CONFLICT("id_conflict", Stage.DEDUP),

  /** No schema of this event type is registered. */
  UNKNOWN_TYPE("unknown_type", Stage.VALIDATE),
  /** The event type is known, the version is not. */
  UNKNOWN_VERSION("unknown_version", Stage.VALIDATE),
  /** The data breaks the schema; the detail lists JSON pointers. */
  SCHEMA_VIOLATION("schema_violation", Stage.VALIDATE),
  /** The event is valid, and a migration to a newer version fails on it: replay it when mended. */
  MIGRATION_FAILED("migration_failed", Stage.VALIDATE),
  /**
   * The schema is not cached, and the registry gave no answer for as long as the job holds such an
   * event, or too many were held: replay it later.
   */
  SCHEMA_UNAVAILABLE("schema_unavailable", Stage.VALIDATE),

  /** Larger after enrichment than Kafka takes. */
  RECORD_TOO_LARGE("record_too_large", Stage.SINK),
  /** ClickHouse refuses this row, and only this one. */
  ROW_REJECTED("row_rejected", Stage.SINK);

  private final String code;
  private final Stage stage;

  FailureReason(String code, Stage stage) {
    this.code = code;
    this.stage = stage;
  }

  public String code() {
    return code;
  }

  public Stage stage() {
    return stage;
  }
}
