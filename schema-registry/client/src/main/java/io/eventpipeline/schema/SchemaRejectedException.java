package io.eventpipeline.schema;

/** A document that is not accepted as a schema; the message says what is wrong and where. */
public final class SchemaRejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  SchemaRejectedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** Why. {@link #code} is shown to clients: never rename one. */
  public enum Reason {
    /** Larger than {@link SchemaLimits#BYTES_MAX} in canonical form. */
    TOO_LARGE("schema_too_large"),
    /** Nested deeper than {@link SchemaLimits#DEPTH_MAX}. */
    TOO_DEEP("schema_too_deep"),
    /** More references than {@link SchemaLimits#REFERENCES_MAX}. */
    TOO_MANY_REFERENCES("too_many_references"),
    /** One value could take more than {@link ValidationCost#STEPS_MAX} steps to validate. */
    TOO_COSTLY("schema_too_costly"),
    /** A reference that leaves the document. Nothing is ever fetched. */
    REMOTE_REFERENCE("remote_reference"),
    /** A {@code $schema} other than JSON Schema draft 4, 6, 7, 2019-09 or 2020-12. */
    UNSUPPORTED_DIALECT("unsupported_dialect"),
    /** A pattern that cannot be matched in linear time, or is no regular expression at all. */
    UNSUPPORTED_PATTERN("unsupported_pattern"),
    /** Not a valid schema of its dialect. */
    INVALID("invalid_schema");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }
}
