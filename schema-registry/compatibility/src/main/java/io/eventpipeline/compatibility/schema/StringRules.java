package io.eventpipeline.compatibility.schema;

/**
 * What a schema asks of strings.
 *
 * @param minLength code points
 * @param maxLength code points; {@link Long#MAX_VALUE} for no bound
 * @param pattern null for none
 * @param format null for none
 */
public record StringRules(long minLength, long maxLength, String pattern, String format) {
  /** No rule at all. */
  public static final StringRules NONE = new StringRules(0, Long.MAX_VALUE, null, null);
}
