package io.eventpipeline.compatibility;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One version of a schema.
 *
 * @param label how to call it in the answer, such as {@code 3}
 * @param schema of any supported draft; 2020-12 when it names none; never changed
 * @param references registered schemas that it may refer to, by the name it uses for them
 */
public record Version(String label, JsonNode schema, Map<String, JsonNode> references) {
  public Version {
    references = Map.copyOf(references);
  }

  /** A version that refers to no other schema. */
  public static Version of(String label, JsonNode schema) {
    return new Version(label, schema, Map.of());
  }
}
