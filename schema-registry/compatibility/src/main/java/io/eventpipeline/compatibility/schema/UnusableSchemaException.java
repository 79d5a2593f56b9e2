package io.eventpipeline.compatibility.schema;

/** A schema that cannot be read, so that nothing can be said about it. */
public final class UnusableSchemaException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** {@code $schema} names no draft that is understood. */
    UNSUPPORTED_DIALECT,
    /** A keyword has a value that JSON Schema does not allow. */
    MALFORMED,
    /** A {@code $ref} leads nowhere; nothing is ever fetched. */
    UNRESOLVED_REFERENCE,
    /** A schema that applies itself to the same value again: no validator comes to an end. */
    ENDLESS_REFERENCE,
    /** More nodes, or deeper, than is read. */
    TOO_LARGE
  }

  private final Reason reason;
  private final Location location;

  public UnusableSchemaException(Reason reason, Location location, String message) {
    super(message + " at '" + location + "'");
    this.reason = reason;
    this.location = location;
  }

  public Reason reason() {
    return reason;
  }

  /** The keyword or schema at fault. */
  public Location location() {
    return location;
  }
}
