package io.eventpipeline.schema;

import tools.jackson.databind.JsonNode;

/**
 * What is looked for.
 *
 * @param version from 1, or {@link #NEWEST}
 */
record Key(String type, int version) {
  static final int NEWEST = 0;

  boolean isNewest() {
    return version == NEWEST;
  }

  /** What the registry's representation of a version is of. */
  static Key of(JsonNode body) {
    return new Key(body.path("type").asString(""), body.path("version").asInt(0));
  }

  @Override
  public String toString() {
    return type + "/" + (isNewest() ? "latest" : version);
  }
}
