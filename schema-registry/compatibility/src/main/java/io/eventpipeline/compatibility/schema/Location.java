package io.eventpipeline.compatibility.schema;

/**
 * Where a schema stands.
 *
 * @param document empty for the schema that is checked, else the name of a referenced one
 * @param pointer JSON pointer (RFC 6901) into the document
 */
public record Location(String document, String pointer) {
  /** The location of a member or item of what stands here. */
  public Location child(String name) {
    return new Location(document, pointer + "/" + escape(name));
  }

  /** RFC 6901: {@code ~} and {@code /} in a name. */
  public static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  @Override
  public String toString() {
    return document.isEmpty() ? pointer : document + "#" + pointer;
  }
}
