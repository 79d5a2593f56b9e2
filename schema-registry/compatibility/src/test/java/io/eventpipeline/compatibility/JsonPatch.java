package io.eventpipeline.compatibility;

import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The operations of RFC 6902 that a {@link Fix} uses, on members of objects. */
final class JsonPatch {
  private JsonPatch() {}

  static JsonNode apply(JsonNode document, Fix fix) {
    JsonNode copy = document.deepCopy();
    JsonPointer path = JsonPointer.compile(fix.path());
    ObjectNode parent = (ObjectNode) copy.at(path.head());
    String name = path.last().getMatchingProperty();
    boolean there = parent.has(name);
    if (there == fix.operation().equals("add")) {
      throw new AssertionError(fix + " does not apply to " + document);
    }
    if (fix.operation().equals("remove")) {
      parent.remove(name);
    } else {
      parent.set(name, fix.value());
    }
    return copy;
  }
}
