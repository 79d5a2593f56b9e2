package io.eventpipeline.registry.warehouse;

/**
 * What a promoted field becomes in ClickHouse.
 *
 * <p>Each expression reads one path of the column {@code data} in rows of every event type, so none
 * may ever throw: what is not there or of another type is NULL, and {@code ''} for strings, which
 * are never NULL in this pipeline's tables.
 */
enum ColumnType {
  STRING("String", "ifNull(%1$s.:String, '')", "string"),
  /** For few different values. */
  CODE("LowCardinality(String)", "ifNull(%1$s.:String, '')", "string"),
  /** Also {@code 2.0}, which is an integer in JSON Schema; beyond 64 bits NULL. */
  INTEGER(
      "Nullable(Int64)",
      "coalesce(%1$s.:Int64, accurateCastOrNull(%1$s.:Float64, 'Int64'))",
      "number"),
  FLOAT(
      "Nullable(Float64)",
      "coalesce(%1$s.:Float64, toFloat64(%1$s.:Int64), toFloat64(%1$s.:UInt64))",
      "number"),
  /**
   * By way of the shortest text of the number, so that 19.9 is 19.9; further places are cut off.
   */
  DECIMAL(
      "Nullable(Decimal(18, 4))",
      "toDecimal64OrNull(coalesce(toString(%1$s.:Float64), toString(%1$s.:Int64), ''), 4)",
      "number"),
  BOOLEAN("Nullable(Bool)", "%1$s.:Bool", "boolean"),
  TIMESTAMP(
      "Nullable(DateTime64(6, 'UTC'))",
      "parseDateTime64BestEffortOrNull(ifNull(%1$s.:String, ''), 6, 'UTC')",
      "string"),
  DATE("Nullable(Date32)", "toDate32OrNull(ifNull(%1$s.:String, ''))", "string"),
  UUID("Nullable(UUID)", "toUUIDOrNull(ifNull(%1$s.:String, ''))", "string");

  private final String sql;
  private final String expression;
  private final String jsonType;

  ColumnType(String sql, String expression, String jsonType) {
    this.sql = sql;
    this.expression = expression;
    this.jsonType = jsonType;
  }

  /** As {@code system.columns} shows it. */
  String sql() {
    return sql;
  }

  /** Whether values of this type of JSON Schema can be held. */
  boolean holds(String other) {
    return jsonType.equals(other) || (jsonType.equals("number") && other.equals("integer"));
  }

  /**
   * What computes the column.
   *
   * @param path of the field in SQL, e.g. {@code data.`gift`.`wrap`}
   */
  String expression(String path) {
    return expression.formatted(path);
  }
}
