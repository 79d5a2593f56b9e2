package io.eventpipeline.registry.store;

import java.util.List;

/** Says whether a schema may follow earlier ones. Takes milliseconds and holds no lock itself. */
@FunctionalInterface
public interface CompatibilityRule {
  /**
   * Holds a proposal against what is there.
   *
   * @param proposed the schema that is to be published
   * @param earlier live versions, oldest first
   * @return one sentence for each reason why not; empty when compatible
   */
  List<String> objections(
      Content proposed, List<SchemaVersion> earlier, Compatibility compatibility);
}
