package io.eventpipeline.compatibility;

import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.resource.SchemaLoader;
import tools.jackson.databind.JsonNode;

/**
 * A validator that knows nothing of the checker. Set up as the product's, formats aside.
 *
 * <p>It is wrong in one place that the random schemas therefore avoid: beside a list of types with
 * both {@code integer} and {@code number}, 3.0.9 cuts fractions off before it compares with {@code
 * minimum} and {@code maximum}, so that -0.5 passes for at least 0.
 */
final class Oracle {
  private static final SchemaLoader NOTHING =
      SchemaLoader.builder().allow(iri -> false).fetchRemoteResources(false).build();

  private static final SchemaRegistryConfig CONFIG =
      SchemaRegistryConfig.builder().losslessNarrowing(true).build();

  private static final ExecutionConfig BOUNDED =
      ExecutionConfig.builder().maxEvaluationSteps(100_000L).build();

  private final Schema schema;

  Oracle(JsonNode document) {
    schema =
        SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemaLoader(NOTHING).schemaRegistryConfig(CONFIG))
            .getSchema(document);
  }

  boolean accepts(JsonNode value) {
    ExecutionContext context = schema.createExecutionContext();
    context.setExecutionConfig(BOUNDED);
    schema.validate(context, value);
    return context.getErrors().isEmpty();
  }
}
