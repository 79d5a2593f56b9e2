package io.eventpipeline.registry.store;

import java.util.List;

/** Says whether a migration does what it should. Takes milliseconds and holds no lock itself. */
@FunctionalInterface
public interface MigrationRule {
  /**
   * Migrates the examples that the version before ships with.
   *
   * @param expression that compiles
   * @param before the version whose data it takes
   * @param proposed the schema that its results must keep to
   */
  Trial attempt(String expression, SchemaVersion before, Content proposed);

  /**
   * What came of it.
   *
   * @param examples how many were tried
   * @param objections one sentence for each reason why not; empty when all became valid
   */
  record Trial(int examples, List<String> objections) {}
}
