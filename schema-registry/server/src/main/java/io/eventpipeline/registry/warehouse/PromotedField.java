package io.eventpipeline.registry.warehouse;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A field that is to be a column of {@code events_processed}.
 *
 * @param column its name, plain and in lower case
 * @param path names of members from {@code data} down to the field, plain: none needs escaping in
 *     SQL or in a JSON pointer
 * @param type of the column
 */
public record PromotedField(String column, List<String> path, ColumnType type) {
  public PromotedField {
    path = List.copyOf(path);
  }

  /** JSON pointer into {@code data}. */
  public String pointer() {
    return "/" + String.join("/", path);
  }

  /** ClickHouse type. */
  public String sqlType() {
    return type.sql();
  }

  /** What tells this product's columns from others of the same name. */
  String comment() {
    return "promoted from data, " + pointer();
  }

  /** Adds the column; nothing happens when it is there. */
  String statement(String database) {
    String from = path.stream().map(name -> "`" + name + "`").collect(Collectors.joining("."));
    return "ALTER TABLE `"
        + database
        + "`.`events_processed` ADD COLUMN IF NOT EXISTS `"
        + column
        + "` "
        + type.sql()
        + " DEFAULT "
        + type.expression("data." + from)
        + " COMMENT '"
        + comment()
        + "'";
  }
}
