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
   * @return why not, if not, with all that is known of it
   */
  Judgement judge(Content proposed, List<SchemaVersion> earlier, Compatibility compatibility);
}
