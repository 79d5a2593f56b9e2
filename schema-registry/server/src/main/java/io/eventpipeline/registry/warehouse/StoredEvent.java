package io.eventpipeline.registry.warehouse;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a schema is held against of an event, from the bytes that stood in Kafka: decimals stay
 * decimals.
 *
 * @param data any JSON value but null
 * @param named the version of its type that {@code dataschema} names, 0 when none
 */
record StoredEvent(JsonNode data, int named) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // the rest of the envelope
          .build();

  private static final Pattern NAMED = Pattern.compile("(?:schema:|.*:.*/)([^/]+)/([0-9]{1,5})");

  /** Empty for what the job refuses before it meets a schema. */
  static Optional<StoredEvent> of(String type, String payload) {
    try (JsonParser parser = JSON.createParser(payload)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      JsonNode data = null;
      String dataschema = "";
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("data")) {
          data = JSON.readTree(parser);
        } else if (name.equals("dataschema") && value == JsonToken.VALUE_STRING) {
          dataschema = parser.getString();
        } else {
          parser.skipChildren();
        }
      }
      boolean any = data != null && !data.isNull();
      return any ? Optional.of(new StoredEvent(data, version(type, dataschema))) : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static int version(String type, String dataschema) {
    Matcher named = NAMED.matcher(dataschema);
    return named.matches() && named.group(1).equals(type) ? Integer.parseInt(named.group(2)) : 0;
  }
}
