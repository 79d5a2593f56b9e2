package io.eventpipeline.registry.confluent;

import io.eventpipeline.registry.Problem;
import io.eventpipeline.registry.store.ChangeRefusedException;

/** The protocol's error codes, and which of them our own refusals are. */
enum ErrorCode {
  BAD_REQUEST(400, 400),
  UNAUTHORIZED(401, 40101),
  FORBIDDEN(403, 40301),
  NOT_FOUND(404, 404),
  SUBJECT_NOT_FOUND(404, 40401),
  VERSION_NOT_FOUND(404, 40402),
  SCHEMA_NOT_FOUND(404, 40403),
  SUBJECT_SOFT_DELETED(404, 40404),
  SUBJECT_NOT_SOFT_DELETED(404, 40405),
  VERSION_SOFT_DELETED(404, 40406),
  VERSION_NOT_SOFT_DELETED(404, 40407),
  NO_SUBJECT_COMPATIBILITY(404, 40408),
  NO_SUBJECT_MODE(404, 40409),
  METHOD_NOT_ALLOWED(405, 405),
  NOT_ACCEPTABLE(406, 406),
  INCOMPATIBLE(409, 40901),
  BODY_TOO_LARGE(413, 413),
  URI_TOO_LONG(414, 414),
  UNSUPPORTED_MEDIA_TYPE(415, 415),
  UNKNOWN_FIELD(422, 422),
  INVALID_SCHEMA(422, 42201),
  INVALID_VERSION(422, 42202),
  INVALID_COMPATIBILITY_LEVEL(422, 42203),
  INVALID_MODE(422, 42204),
  NOT_PERMITTED(422, 42205),
  REFERENCE_EXISTS(422, 42206),
  ID_MISMATCH(422, 42207),
  INVALID_SUBJECT(422, 42208),
  SCHEMA_TOO_LARGE(422, 42209),
  INVALID_RULE_SET(422, 42210),
  INTERNAL(500, 500),
  STORE(500, 50001),
  TIMEOUT(500, 50002);

  private final int status;
  private final int code;

  ErrorCode(int status, int code) {
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  int code() {
    return code;
  }

  static ErrorCode of(Problem.Code problem) {
    return switch (problem) {
      case MALFORMED_JSON, INVALID_REQUEST -> BAD_REQUEST;
      case UNAUTHORIZED -> UNAUTHORIZED;
      case FORBIDDEN -> FORBIDDEN;
      case NOT_FOUND -> NOT_FOUND;
      case UNKNOWN_SCHEMA -> SCHEMA_NOT_FOUND;
      case UNKNOWN_TYPE -> SUBJECT_NOT_FOUND;
      case UNKNOWN_VERSION -> VERSION_NOT_FOUND;
      case METHOD_NOT_ALLOWED -> METHOD_NOT_ALLOWED;
      case NOT_ACCEPTABLE -> NOT_ACCEPTABLE;
      case INCOMPATIBLE -> INCOMPATIBLE;
      case REFERENCED -> REFERENCE_EXISTS;
      case NOT_WITHDRAWN -> VERSION_NOT_SOFT_DELETED;
      case NOT_A_DRAFT,
          STALE_DRAFT,
          WRONG_STATUS,
          DUPLICATE_CONTENT,
          READ_ONLY,
          CHANGED_MEANWHILE,
          COLUMNS_MISSING,
          COLUMN_CONFLICT,
          CLICKHOUSE_NOT_CONFIGURED ->
          NOT_PERMITTED;
      case BODY_TOO_LARGE -> BODY_TOO_LARGE;
      case URI_TOO_LONG -> URI_TOO_LONG;
      case UNSUPPORTED_MEDIA_TYPE -> UNSUPPORTED_MEDIA_TYPE;
      case SCHEMA_REJECTED,
          UNSAFE_PATTERN,
          MIGRATION_REJECTED,
          MIGRATION_FAILS,
          CANNOT_SUPERSEDE,
          UNKNOWN_REFERENCE,
          WRONG_VERSION,
          UNUSABLE_COLUMN,
          SAMPLE_TOO_LARGE ->
          INVALID_SCHEMA;
      case INTERNAL -> INTERNAL;
      case OVERLOADED -> TIMEOUT;
      case STORE_UNAVAILABLE, CLICKHOUSE_UNAVAILABLE -> STORE;
    };
  }

  /** What the refusal to change one version means. */
  static ErrorCode ofVersion(ChangeRefusedException.Reason reason) {
    return reason == ChangeRefusedException.Reason.ALREADY_WITHDRAWN
        ? VERSION_SOFT_DELETED
        : of(Problem.Code.of(reason));
  }

  /** What the refusal to delete a whole subject means. */
  static ErrorCode ofSubject(ChangeRefusedException.Reason reason) {
    return switch (reason) {
      case ALREADY_WITHDRAWN -> SUBJECT_SOFT_DELETED;
      case NOT_WITHDRAWN -> SUBJECT_NOT_SOFT_DELETED;
      default -> ofVersion(reason);
    };
  }
}
