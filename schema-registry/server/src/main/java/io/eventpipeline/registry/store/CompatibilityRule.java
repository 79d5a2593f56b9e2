package io.eventpipeline.registry.store;

import java.sql.SQLException;

/**
 * Says whether a schema may follow earlier ones. Takes milliseconds, some hundred at the worst
 * however many versions there are, and holds no lock itself.
 */
@FunctionalInterface
public interface CompatibilityRule {
  /**
   * Holds a proposal against what is there.
   *
   * @param proposed the schema that is to be published
   * @return why not, if not, with all that is known of it
   */
  Judgement judge(Content proposed, LiveVersions earlier, Compatibility compatibility)
      throws SQLException;
}
