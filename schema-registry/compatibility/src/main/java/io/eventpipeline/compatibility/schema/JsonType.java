package io.eventpipeline.compatibility.schema;

import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The kinds of JSON values, with numbers split so that {@code integer} is a subset of {@code
 * number}. {@code 1.0} is an integer in every draft: draft 4 says otherwise, validators do not.
 */
public enum JsonType {
  NULL,
  BOOLEAN,
  INTEGER,
  /** A number that is no integer. */
  FRACTION,
  STRING,
  ARRAY,
  OBJECT;

  /** The kind of a value. */
  public static JsonType of(JsonNode value) {
    if (value.isNumber()) {
      return isInteger(value.decimalValue()) ? INTEGER : FRACTION;
    }
    if (value.isString()) {
      return STRING;
    }
    if (value.isObject()) {
      return OBJECT;
    }
    if (value.isArray()) {
      return ARRAY;
    }
    return value.isBoolean() ? BOOLEAN : NULL;
  }

  /** Whether a number has no fraction, however it is written. */
  public static boolean isInteger(BigDecimal number) {
    return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
  }

  /**
   * What a name of the keyword {@code type} stands for.
   *
   * @return empty for a name that JSON Schema does not have
   */
  public static Optional<Set<JsonType>> named(String name) {
    return switch (name) {
      case "null" -> Optional.of(EnumSet.of(NULL));
      case "boolean" -> Optional.of(EnumSet.of(BOOLEAN));
      case "integer" -> Optional.of(EnumSet.of(INTEGER));
      case "number" -> Optional.of(EnumSet.of(INTEGER, FRACTION));
      case "string" -> Optional.of(EnumSet.of(STRING));
      case "array" -> Optional.of(EnumSet.of(ARRAY));
      case "object" -> Optional.of(EnumSet.of(OBJECT));
      default -> Optional.empty();
    };
  }
}
