package io.eventpipeline.job.clickhouse;

import java.io.Serializable;

/**
 * One column of a table and how a record fills it.
 *
 * @param name as in the table
 * @param type ClickHouse type as {@code system.columns} shows it, without spaces; {@code JSON}
 *     stands for JSON with any parameters
 * @param value writes exactly one value of that type
 */
record Column<T>(String name, String type, Value<T> value) implements Serializable {

  /** Writes one value of the record into the buffer. */
  @FunctionalInterface
  interface Value<T> extends Serializable {
    void write(T row, RowBuffer out);
  }

  /** Whether values of this column may be sent to a live column of type {@code found}. */
  boolean accepts(String found) {
    String normal = found.replace(" ", "");
    return normal.equals(type) || (type.equals("JSON") && normal.matches("JSON(\\(.*\\))?"));
  }
}
