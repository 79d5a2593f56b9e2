package io.eventpipeline.registry.store;

import java.util.List;

/**
 * What must be done in ClickHouse before the version can be published.
 *
 * @param statements DDL, in the order in which it is to be run
 */
public record MissingColumns(List<String> statements) implements Explanation {
  public MissingColumns {
    statements = List.copyOf(statements);
  }
}
