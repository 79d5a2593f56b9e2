package io.eventpipeline.job;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Where the value of a member stands in an envelope.
 *
 * @param start index of its first byte
 * @param length bytes
 */
record EnvelopeSpan(int start, int length) {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNameLength(Integer.MAX_VALUE) // the decoder has accepted it
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** Index of the byte after its last one. */
  int end() {
    return start + length;
  }

  /**
   * Looks for a member of the envelope itself.
   *
   * @param payload one JSON object
   * @return null when it has no such member
   */
  static EnvelopeSpan of(byte[] payload, String name) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), payload)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean found = parser.currentName().equals(name);
        parser.nextToken();
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        if (found) {
          parser.finishToken(); // a string is read lazily
          return new EnvelopeSpan(start, (int) parser.currentLocation().getByteOffset() - start);
        }
      }
      return null;
    }
  }
}
