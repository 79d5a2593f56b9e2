package io.eventpipeline.registry.warehouse;

import java.util.List;

/**
 * What ClickHouse needs so that a schema's promoted fields are columns.
 *
 * @param table with its database
 * @param columns each promoted field and what was found of it
 * @param statements DDL in the order in which it is to be run; safe to repeat; empty when all is
 *     there, or when a column is in the way
 */
public record ColumnPlan(String table, List<Column> columns, List<String> statements) {
  public ColumnPlan {
    columns = List.copyOf(columns);
    statements = List.copyOf(statements);
  }

  /**
   * One column.
   *
   * @param found the type of a column in the way; {@code ""} when there is none
   */
  public record Column(PromotedField field, State state, String found) {}

  /** What is there of a column. */
  public enum State {
    PRESENT,
    MISSING,
    /** A column of this name is not made from this field, or has another type. */
    CONFLICT
  }

  /** Whether a version may be published. */
  public boolean ready() {
    return columns.stream().allMatch(column -> column.state() == State.PRESENT);
  }

  /** One sentence for each column that is in the way. */
  public List<String> conflicts() {
    return columns.stream()
        .filter(column -> column.state() == State.CONFLICT)
        .map(
            column ->
                table
                    + " has a column "
                    + column.field().column()
                    + " already, "
                    + column.found()
                    + ": it is not "
                    + column.field().sqlType()
                    + " made from data at "
                    + column.field().pointer())
        .toList();
  }
}
