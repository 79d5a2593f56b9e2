package io.eventpipeline.schema;

import java.util.Set;
import java.util.regex.Pattern;

/** What a schema may cost, and how an event type may be named. */
public final class SchemaLimits {
  /** Largest schema without insignificant white space, UTF-8 bytes. */
  public static final int BYTES_MAX = 64 * 1024;

  /** Deepest nesting of objects and arrays in a schema document. */
  public static final int DEPTH_MAX = 20;

  /** Most {@code $ref}, {@code $dynamicRef} and {@code $recursiveRef} in one schema. */
  public static final int REFERENCES_MAX = 100;

  /** Most violations that one validation reports. */
  public static final int VIOLATIONS_MAX = 10;

  /**
   * Names of event types: reverse-DNS and dotted names, and the subject names of Kafka serdes.
   * Never a slash, a space or a leading dot, so that a type is always one path segment.
   */
  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /** What else stands below {@code /schemas} in the registry: no event type has such a name. */
  private static final Set<String> RESERVED_TYPES = Set.of("ids", "guids", "types");

  private SchemaLimits() {}

  /** Whether {@code type} can name an event type; says nothing about it being registered. */
  public static boolean isType(String type) {
    return type != null && TYPE.matcher(type).matches() && !RESERVED_TYPES.contains(type);
  }
}
