package io.eventpipeline.compatibility.schema;

import java.util.List;

/**
 * What a schema asks of arrays.
 *
 * @param prefix schemas of the first items ({@code prefixItems}; {@code items} as an array before
 *     2020-12)
 * @param rest schema of all later items, null for anything
 * @param contains null for none
 * @param minContains 1 unless said otherwise
 * @param maxContains {@link Long#MAX_VALUE} for no bound
 * @param containsEvaluates whether an {@code unevaluatedItems} around it leaves alone what {@code
 *     contains} found; since 2020-12
 * @param maxItems {@link Long#MAX_VALUE} for no bound
 */
public record ArrayRules(
    List<SchemaNode> prefix,
    SchemaNode rest,
    SchemaNode contains,
    long minContains,
    long maxContains,
    boolean containsEvaluates,
    long minItems,
    long maxItems,
    boolean unique) {
  /** No rule at all. */
  public static final ArrayRules NONE =
      new ArrayRules(List.of(), null, null, 1, Long.MAX_VALUE, false, 0, Long.MAX_VALUE, false);

  /** The schema of one item, null for anything. */
  public SchemaNode item(int index) {
    return index < prefix.size() ? prefix.get(index) : rest;
  }
}
