package io.eventpipeline.registry.store;

/**
 * How a version follows from earlier ones of its type, as its owner says.
 *
 * @param migration JSONata expression that makes its data of that of the version before; {@code ""}
 *     for none
 * @param supersedes the version that it corrects, 0 for none
 */
public record Evolution(String migration, int supersedes) {
  public static final Evolution NONE = new Evolution("", 0);

  /** Whether it says nothing. */
  public boolean isNone() {
    return equals(NONE);
  }
}
