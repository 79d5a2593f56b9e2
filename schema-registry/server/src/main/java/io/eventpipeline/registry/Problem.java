package io.eventpipeline.registry;

import io.eventpipeline.registry.store.ChangeRefusedException;
import java.sql.SQLException;

/** A request that is answered with an error; handlers pass it to {@code ctx.fail}. */
public class Problem extends Refusal {
  private static final long serialVersionUID = 1L;

  private final Code code;

  public Problem(Code code, String detail) {
    super(detail);
    this.code = code;
  }

  public Code code() {
    return code;
  }

  /** What is wrong. {@link #code()} is shown to clients: never rename one. */
  public enum Code {
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
    INCOMPATIBLE(409, "incompatible_schema", "The schema breaks earlier versions"),
    NOT_A_DRAFT(409, "not_a_draft", "Only a draft can be edited"),
    STALE_DRAFT(409, "stale_draft", "A later version was published since the draft was made"),
    WRONG_STATUS(409, "wrong_status", "A status never goes back"),
    DUPLICATE_CONTENT(409, "duplicate_content", "Another version has this content"),
    WRONG_VERSION(409, "wrong_version", "The next version has another number"),
    READ_ONLY(409, "read_only", "The mode does not allow changes"),
    COLUMNS_MISSING(409, "columns_missing", "ClickHouse lacks columns that the schema calls for"),
    COLUMN_CONFLICT(409, "column_conflict", "ClickHouse has such a column, and it is another"),
    REFERENCED(409, "referenced", "Other schemas refer to this one"),
    NOT_WITHDRAWN(409, "not_withdrawn", "It must be withdrawn before"),
    CHANGED_MEANWHILE(412, "precondition_failed", "It has changed since it was read"),
    BODY_TOO_LARGE(413, "body_too_large", "The body is too large"),
    URI_TOO_LONG(414, "uri_too_long", "The address is too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "unsupported_media_type", "The body must be application/json"),
    SCHEMA_REJECTED(422, "invalid_schema", "The schema is not accepted"),
    UNSAFE_PATTERN(422, "unsafe_pattern", "A pattern stops validators that backtrack"),
    MIGRATION_REJECTED(422, "invalid_migration", "The migration is not accepted"),
    MIGRATION_FAILS(422, "migration_fails", "The migration does not do what it should"),
    CANNOT_SUPERSEDE(422, "cannot_supersede", "That version cannot be superseded by this one"),
    SAMPLE_TOO_LARGE(422, "sample_too_large", "The sample costs more than is allowed"),
    UNUSABLE_COLUMN(422, "unusable_column", "A field cannot become a column"),
    UNKNOWN_REFERENCE(422, "unknown_reference", "What the schema refers to is not published"),
    INTERNAL(500, "internal", "The registry failed"),
    CLICKHOUSE_NOT_CONFIGURED(
        501, "clickhouse_not_configured", "This registry has no ClickHouse to ask"),
    OVERLOADED(503, "overloaded", "Too many requests are waiting"),
    STORE_UNAVAILABLE(503, "store_unavailable", "The database does not answer"),
    CLICKHOUSE_UNAVAILABLE(503, "clickhouse_unavailable", "ClickHouse does not answer");

    /** Class of the SQL states that blame a value; our readers should have refused it before. */
    private static final String DATA_EXCEPTION = "22";

    private final int status;
    private final String code;
    private final String title;

    Code(int status, String code, String title) {
      this.status = status;
      this.code = code;
      this.title = title;
    }

    public int status() {
      return status;
    }

    public String code() {
      return code;
    }

    public String title() {
      return title;
    }

    /** What the store's refusal means. */
    public static Code of(ChangeRefusedException.Reason reason) {
      return switch (reason) {
        case UNKNOWN_TYPE -> UNKNOWN_TYPE;
        case UNKNOWN_VERSION -> UNKNOWN_VERSION;
        case NOT_A_DRAFT -> NOT_A_DRAFT;
        case STALE_DRAFT -> STALE_DRAFT;
        case WRONG_STATUS, ALREADY_WITHDRAWN -> WRONG_STATUS;
        case DUPLICATE_CONTENT -> DUPLICATE_CONTENT;
        case CHANGED_MEANWHILE -> CHANGED_MEANWHILE;
        case READ_ONLY -> READ_ONLY;
        case WRONG_VERSION -> WRONG_VERSION;
        case UNKNOWN_REFERENCE -> UNKNOWN_REFERENCE;
        case REFERENCED -> REFERENCED;
        case NOT_WITHDRAWN -> NOT_WITHDRAWN;
        case INCOMPATIBLE -> INCOMPATIBLE;
        case MIGRATION_FAILS -> MIGRATION_FAILS;
        case CANNOT_SUPERSEDE -> CANNOT_SUPERSEDE;
        case COLUMNS_MISSING -> COLUMNS_MISSING;
      };
    }

    /** What the database's failure means: that it is gone, or that it does not take a value. */
    public static Code of(SQLException failure) {
      String state = failure.getSQLState();
      return state != null && state.startsWith(DATA_EXCEPTION)
          ? INVALID_REQUEST
          : STORE_UNAVAILABLE;
    }

    /** What a status means that the router answers by itself. */
    public static Code ofUnrouted(int status) {
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
