package io.eventpipeline.compatibility.schema;

import io.eventpipeline.compatibility.schema.UnusableSchemaException.Reason;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads keywords of one schema object by type; a wrong type is an error that says where. */
record Members(JsonNode schema, Location location, Dialect dialect) {
  boolean has(String keyword) {
    return schema.has(keyword);
  }

  JsonNode get(String keyword) {
    return schema.get(keyword);
  }

  /** Null when absent. */
  BigDecimal number(String keyword) throws UnusableSchemaException {
    JsonNode value = schema.get(keyword);
    if (value == null) {
      return null;
    }
    if (!value.isNumber()) {
      throw malformed(keyword, "a number");
    }
    return value.decimalValue();
  }

  /** A count of something; what is larger than a long is as good as no bound. */
  long count(String keyword, long absent) throws UnusableSchemaException {
    BigDecimal number = number(keyword);
    if (number == null) {
      return absent;
    }
    if (number.signum() < 0 || !JsonType.isInteger(number)) {
      throw malformed(keyword, "a non-negative integer");
    }
    return number.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) >= 0
        ? Long.MAX_VALUE
        : number.longValue();
  }

  /** Null when absent. */
  String text(String keyword) throws UnusableSchemaException {
    JsonNode value = schema.get(keyword);
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      throw malformed(keyword, "a string");
    }
    return value.asString();
  }

  boolean flag(String keyword) throws UnusableSchemaException {
    JsonNode value = schema.get(keyword);
    if (value != null && !value.isBoolean()) {
      throw malformed(keyword, "true or false");
    }
    return value != null && value.asBoolean();
  }

  /** Empty when absent. */
  Set<String> names(String keyword) throws UnusableSchemaException {
    JsonNode value = schema.get(keyword);
    return value == null ? Set.of() : names(value, keyword);
  }

  Set<String> names(JsonNode array, String keyword) throws UnusableSchemaException {
    if (!array.isArray()) {
      throw malformed(keyword, "an array of strings");
    }
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode name : array) {
      if (!name.isString()) {
        throw malformed(keyword, "an array of strings");
      }
      names.add(name.asString());
    }
    return names;
  }

  UnusableSchemaException malformed(String keyword, String wanted) {
    return new UnusableSchemaException(
        Reason.MALFORMED, location.child(keyword), keyword + " must be " + wanted);
  }
}
