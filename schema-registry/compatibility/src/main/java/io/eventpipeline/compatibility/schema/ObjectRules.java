package io.eventpipeline.compatibility.schema;

import java.util.Map;
import java.util.Set;

/**
 * What a schema asks of objects.
 *
 * @param properties in the order of the document
 * @param patterns {@code patternProperties}
 * @param additional schema of properties that neither of these covers, null for anything
 * @param names {@code propertyNames}, null for none
 * @param maxProperties {@link Long#MAX_VALUE} for no bound
 * @param dependentRequired with {@code dependencies} of older drafts
 * @param dependentSchemas with {@code dependencies} of older drafts
 */
public record ObjectRules(
    Map<String, SchemaNode> properties,
    Map<String, SchemaNode> patterns,
    SchemaNode additional,
    SchemaNode names,
    Set<String> required,
    long minProperties,
    long maxProperties,
    Map<String, Set<String>> dependentRequired,
    Map<String, SchemaNode> dependentSchemas) {
  /** No rule at all. */
  public static final ObjectRules NONE =
      new ObjectRules(
          Map.of(), Map.of(), null, null, Set.of(), 0, Long.MAX_VALUE, Map.of(), Map.of());
}
