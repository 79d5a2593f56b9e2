package io.eventpipeline.compatibility.schema;

import java.util.List;

/**
 * How a schema is put together from others that see the same value.
 *
 * @param allOf empty for none
 * @param anyOf null for none
 * @param oneOf null for none
 * @param not null for none
 * @param condition {@code if}, null for none
 * @param then null for none
 * @param otherwise {@code else}, null for none
 */
public record Combinators(
    List<SchemaNode> allOf,
    List<SchemaNode> anyOf,
    List<SchemaNode> oneOf,
    SchemaNode not,
    SchemaNode condition,
    SchemaNode then,
    SchemaNode otherwise) {
  /** No rule at all. */
  public static final Combinators NONE =
      new Combinators(List.of(), null, null, null, null, null, null);
}
