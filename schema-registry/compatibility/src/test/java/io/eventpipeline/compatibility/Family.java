package io.eventpipeline.compatibility;

import java.util.ArrayList;
import java.util.List;

/** Keywords that belong together, for random schemas. */
enum Family {
  VALUES("type", "enum", "const"),
  NUMBERS("type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
  STRINGS("type", "minLength", "maxLength", "pattern"),
  ARRAYS("type", "prefix", "items", "minItems", "maxItems", "uniqueItems", "contains"),
  OBJECTS(
      "type", "properties", "required", "additionalProperties", "minProperties", "maxProperties"),
  NAMES("type", "properties", "patternProperties", "additionalProperties", "propertyNames"),
  DEPENDENCIES("type", "properties", "required", "dependentRequired", "dependentSchemas"),
  COMBINATORS("type", "enum", "minimum", "maximum", "maxLength", "allOf", "anyOf", "oneOf", "not"),
  UNIONS("type", "properties", "required", "additionalProperties", "const", "oneOf", "anyOf"),
  CONDITIONS("type", "properties", "required", "minimum", "const", "if"),
  REFERENCES("type", "properties", "items", "required", "additionalProperties", "minimum", "$ref"),
  UNEVALUATED("type", "properties", "items", "prefix", "allOf", "anyOf", "unevaluated"),
  EVALUATED(
      "patternProperties",
      "additionalProperties",
      "contains",
      "dependentSchemas",
      "oneOf",
      "not",
      "if",
      "unevaluated"),
  ALL;

  private final String keywords;

  Family(String... keywords) {
    this.keywords = String.join(" ", keywords);
  }

  List<String> keywords() {
    if (this != ALL) {
      return List.of(keywords.split(" "));
    }
    List<String> all = new ArrayList<>();
    for (Family family : values()) {
      if (family != ALL) {
        all.addAll(family.keywords());
      }
    }
    return all;
  }
}
