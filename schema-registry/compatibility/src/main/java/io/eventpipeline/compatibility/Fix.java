package io.eventpipeline.compatibility;

import tools.jackson.databind.JsonNode;

/**
 * The smallest change of the new schema that undoes one finding: one operation of RFC 6902.
 *
 * @param operation {@code add}, {@code replace} or {@code remove}
 * @param path JSON pointer into the new schema
 * @param value what to put there; null for {@code remove}
 */
public record Fix(String operation, String path, JsonNode value) {}
