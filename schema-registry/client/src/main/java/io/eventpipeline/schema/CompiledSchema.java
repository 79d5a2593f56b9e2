package io.eventpipeline.schema;

import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.path.PathType;
import com.networknt.schema.resource.SchemaLoader;
import io.eventpipeline.schema.SchemaRejectedException.Reason;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * One version of one event type, ready to validate. Immutable, safe for use by many threads.
 *
 * <p>Formats are asserted, although 2020-12 makes them annotations by default: a schema owner who
 * writes {@code "format": "date-time"} expects {@code "yesterday"} to be refused, and the job
 * parses what passed. Unknown formats are ignored, as the specification says.
 */
public final class CompiledSchema {
  /**
   * Bounds one validation: an order of 500 lines takes some ten thousand steps, while nested {@code
   * anyOf} over recursive references can ask for 2^n.
   */
  private static final long STEPS_MAX = 500_000;

  private static final int EVALUATION_DEPTH_MAX = 500;

  private static final SchemaLoader NOTHING =
      SchemaLoader.builder().allow(iri -> false).fetchRemoteResources(false).build();

  private static final SchemaRegistryConfig CONFIG =
      SchemaRegistryConfig.builder()
          .formatAssertionsEnabled(true)
          .losslessNarrowing(true) // 2.0 is an integer, as the specification says
          .pathType(PathType.JSON_POINTER)
          .regularExpressionFactory(LinearPatterns.INSTANCE)
          .build();

  private static final ExecutionConfig EXECUTION =
      ExecutionConfig.builder()
          .formatAssertionsEnabled(true)
          .maxEvaluationSteps(STEPS_MAX)
          .maxEvaluationDepth(EVALUATION_DEPTH_MAX)
          .build();

  private final int id;
  private final String type;
  private final int version;
  private final Schema schema;

  private CompiledSchema(int id, String type, int version, Schema schema) {
    this.id = id;
    this.type = type;
    this.version = version;
    this.schema = schema;
  }

  /**
   * Checks and compiles a schema. Fetches nothing: not over HTTP, not from a file, a jar or the
   * class path.
   *
   * @param id the registry's id
   * @param type event type
   * @param version from 1
   * @param document the schema of the {@code data} member
   * @throws SchemaRejectedException with the reason, when it breaks {@link SchemaLimits} or cannot
   *     be applied safely
   */
  public static CompiledSchema compile(int id, String type, int version, JsonNode document)
      throws SchemaRejectedException {
    Dialect dialect = SchemaRules.check(document);
    // A registry of its own for each schema: two schemas may claim the same $id
    SchemaRegistry own =
        SchemaRegistry.withDefaultDialect(
            dialect, builder -> builder.schemaLoader(NOTHING).schemaRegistryConfig(CONFIG));
    try {
      Schema schema = own.getSchema(ExactBounds.of(document));
      schema.initializeValidators();
      return new CompiledSchema(id, type, version, schema);
    } catch (SchemaException | LinearPatterns.Refused e) {
      throw rejection(e);
    } catch (StackOverflowError e) {
      throw new SchemaRejectedException(Reason.INVALID, "references form a cycle without an end");
    }
  }

  /** The library wraps what its factories throw. */
  private static SchemaRejectedException rejection(Throwable thrown) {
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      if (e instanceof LinearPatterns.Refused) {
        return new SchemaRejectedException(Reason.UNSUPPORTED_PATTERN, e.getMessage());
      }
    }
    return new SchemaRejectedException(Reason.INVALID, String.valueOf(thrown.getMessage()));
  }

  /** The registry's id of this schema. */
  public int id() {
    return id;
  }

  public String type() {
    return type;
  }

  /** From 1. */
  public int version() {
    return version;
  }

  /**
   * Validates the {@code data} member of an event.
   *
   * @param data any JSON value; not changed
   * @return empty when it is valid; else at least 1 and at most {@link
   *     SchemaLimits#VIOLATIONS_MAX}. Never throws for any data.
   */
  public List<Violation> validate(JsonNode data) {
    ExecutionContext context = schema.createExecutionContext();
    context.setExecutionConfig(EXECUTION);
    Violations.First errors = new Violations.First();
    context.setErrors(errors);
    try {
      schema.validate(context, data);
    } catch (Violations.Enough e) {
      return errors.toViolations();
    } catch (ValidationLimitExceededException | StackOverflowError e) {
      return List.of(
          new Violation("", "", "too expensive to validate: " + e.getClass().getSimpleName()));
    } catch (RuntimeException e) {
      // A defect of the validator must not stop the stream: the event is refused, and can be
      // replayed
      return List.of(new Violation("", "", "cannot be validated: " + e.getMessage()));
    }
    return errors.isEmpty() ? List.of() : errors.toViolations();
  }

  @Override
  public String toString() {
    return type + "/" + version;
  }
}
