package io.eventpipeline.registry.warehouse;

import io.eventpipeline.schema.CompiledSchema;
import io.eventpipeline.schema.Violation;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds stored events against a schema as the job would: {@code data} comes from the bytes that
 * stood in Kafka, decimals stay decimals, and what is no object is refused whatever the schema
 * says. Events that the job cannot even decode never meet a schema and are counted apart.
 */
final class Trial {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // the rest of the envelope
          .build();

  private static final List<Violation> NO_OBJECT =
      List.of(new Violation("", "type", "data must be an object"));

  private final CompiledSchema proposal;
  private final Optional<CompiledSchema> current;
  private final SampleReport report;

  Trial(CompiledSchema proposal, Optional<CompiledSchema> current, SampleReport report) {
    this.proposal = proposal;
    this.current = current;
    this.report = report;
  }

  /**
   * Takes one event.
   *
   * @param payload the whole envelope
   */
  void take(String payload, SampleReport.Example event) {
    Optional<JsonNode> data = data(payload);
    if (data.isEmpty()) {
      report.addUndecodable();
      return;
    }
    List<Violation> violations = violations(proposal, data.get());
    if (violations.isEmpty()) {
      report.addAccepted();
    } else {
      boolean already = current.isPresent() && !violations(current.get(), data.get()).isEmpty();
      report.addRejected(violations, already, event);
    }
  }

  private static List<Violation> violations(CompiledSchema schema, JsonNode data) {
    return data.isObject() ? schema.validate(data) : NO_OBJECT;
  }

  /** The member {@code data} of the envelope, without reading the rest into memory. */
  private static Optional<JsonNode> data(String payload) {
    try (JsonParser parser = JSON.createParser(payload)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean wanted = parser.currentName().equals("data");
        parser.nextToken();
        if (wanted) {
          JsonNode data = JSON.readTree(parser);
          return data == null || data.isNull() ? Optional.empty() : Optional.of(data);
        }
        parser.skipChildren();
      }
      return Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty(); // the job refused it, too
    }
  }
}
