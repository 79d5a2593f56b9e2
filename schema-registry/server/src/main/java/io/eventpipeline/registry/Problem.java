package io.eventpipeline.registry;

/** A request that is answered with an error; handlers pass it to {@code ctx.fail}. */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Code code;

  Problem(Code code, String detail) {
    super(detail, null, false, false); // an answer, not a defect: no stack trace
    this.code = code;
  }

  Code code() {
    return code;
  }

  /** What is wrong. {@link #code} is shown to clients: never rename one. */
  enum Code {
    MALFORMED_JSON(400, "malformed_json", "The body is not one well-formed JSON value"),
    INVALID_REQUEST(400, "invalid_request", "The request is not usable"),
    UNAUTHORIZED(401, "unauthorized", "A user and secret, or a token, is needed"),
    FORBIDDEN(403, "forbidden", "This token does not allow it"),
    NOT_FOUND(404, "not_found", "There is nothing here"),
    UNKNOWN_SCHEMA(404, "unknown_schema", "No schema has this id"),
    UNKNOWN_TYPE(404, "unknown_type", "No schema of this event type is registered"),
    UNKNOWN_VERSION(404, "unknown_version", "The event type has no such version"),
    METHOD_NOT_ALLOWED(405, "method_not_allowed", "This path does not take this method"),
    NOT_ACCEPTABLE(406, "not_acceptable", "Only JSON can be had here"),
    BODY_TOO_LARGE(413, "body_too_large", "The body is too large"),
    URI_TOO_LONG(414, "uri_too_long", "The address is too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "unsupported_media_type", "The body must be application/json"),
    SCHEMA_REJECTED(422, "invalid_schema", "The schema is not accepted"),
    INTERNAL(500, "internal", "The registry failed"),
    OVERLOADED(503, "overloaded", "Too many requests are waiting"),
    STORE_UNAVAILABLE(503, "store_unavailable", "The database does not answer");

    private final int status;
    private final String code;
    private final String title;

    Code(int status, String code, String title) {
      this.status = status;
      this.code = code;
      this.title = title;
    }

    int status() {
      return status;
    }

    String code() {
      return code;
    }

    String title() {
      return title;
    }

    /** What a status means that the router answers by itself. */
    static Code ofUnrouted(int status) {
      return switch (status) {
        case 400 -> INVALID_REQUEST;
        case 404 -> NOT_FOUND;
        case 405 -> METHOD_NOT_ALLOWED;
        case 406 -> NOT_ACCEPTABLE;
        case 413 -> BODY_TOO_LARGE;
        case 414 -> URI_TOO_LONG;
        case 415 -> UNSUPPORTED_MEDIA_TYPE;
        default -> INTERNAL;
      };
    }
  }
}
