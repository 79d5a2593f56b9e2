package io.eventpipeline.schema;

/**
 * One way in which data breaks its schema.
 *
 * @param pointer JSON pointer (RFC 6901) from the {@code data} member to the offending value, or to
 *     the member that is missing or not allowed; {@code ""} is the data itself
 * @param keyword the schema's keyword that was broken, such as {@code required}
 * @param message for people; may quote the value; at most {@link #MESSAGE_CHARS_MAX} characters
 */
public record Violation(String pointer, String keyword, String message) {
  static final int MESSAGE_CHARS_MAX = 200;

  /** Cuts pointer and message to their bound: both may hold a producer's strings. */
  public Violation {
    pointer = Violations.shorten(pointer);
    message = Violations.shorten(message);
  }

  @Override
  public String toString() {
    return (pointer.isEmpty() ? "/" : pointer) + ": " + message;
  }
}
