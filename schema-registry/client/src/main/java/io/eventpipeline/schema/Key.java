package io.eventpipeline.schema;

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

  /** Whether {@code schema} is what was looked for. */
  boolean names(CompiledSchema schema) {
    return schema.type().equals(type) && (isNewest() || version == schema.version());
  }

  @Override
  public String toString() {
    return type + "/" + (isNewest() ? "latest" : version);
  }
}
