package io.eventpipeline.job.clickhouse;

import io.eventpipeline.config.Check;
import java.io.Serializable;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * How a record becomes a row: typed columns in order, and the partition the row falls into.
 *
 * <p>The table must also have {@code _commit_id} (String or LowCardinality(String)) and {@code
 * _row_no UInt32}, which the sink fills. What is declared here is compared with {@code
 * system.columns} and the table's partition key when a writer opens. Functions must be serialisable
 * lambdas without state and never return null.
 */
public final class TableMapping<T> implements Serializable {
  private final String table;
  private final List<Column<T>> columns;
  private final String partitionExpression;
  private final LongOf<T> partition;

  private TableMapping(Builder<T> builder) {
    table = builder.table;
    columns = List.copyOf(builder.columns);
    partitionExpression = builder.partitionExpression;
    partition = builder.partition;
  }

  /** A mapping for {@code table} of the configured database, without columns yet. */
  public static <T> Builder<T> of(String table) {
    return new Builder<>(table);
  }

  String table() {
    return table;
  }

  List<Column<T>> columns() {
    return columns;
  }

  /** The table's partition key as ClickHouse prints it, {@code ""} for none. */
  String partitionExpression() {
    return partitionExpression;
  }

  /** Value of the partition expression for this row; 0 when the table has none. */
  long partitionOf(T row) {
    return partition.applyAsLong(row);
  }

  void write(T row, RowBuffer out) {
    for (Column<T> column : columns) {
      column.value().write(row, out);
    }
  }

  /**
   * ClickHouse's {@code toYYYYMM} in UTC.
   *
   * @param seconds since the epoch, years 1970..2261
   */
  static long month(long seconds) {
    var time = Instant.ofEpochSecond(seconds).atOffset(ZoneOffset.UTC);
    return time.getYear() * 100L + time.getMonthValue();
  }

  /** A serialisable {@link Function} to String. */
  @FunctionalInterface
  public interface StringOf<T> extends Function<T, String>, Serializable {}

  /** A serialisable {@link ToIntFunction}. */
  @FunctionalInterface
  public interface IntOf<T> extends ToIntFunction<T>, Serializable {}

  /** A serialisable {@link ToLongFunction}. */
  @FunctionalInterface
  public interface LongOf<T> extends ToLongFunction<T>, Serializable {}

  /** A serialisable {@link Predicate}. */
  @FunctionalInterface
  public interface BoolOf<T> extends Predicate<T>, Serializable {}

  /** Calls {@link RowBuffer#bytes} exactly once. */
  @FunctionalInterface
  public interface BytesOf<T> extends Serializable {
    void write(T row, RowBuffer out);
  }

  /** Collects columns in the order in which they are sent. Not thread-safe. */
  public static final class Builder<T> {
    private final String table;
    private final List<Column<T>> columns = new ArrayList<>();
    private String partitionExpression = "";
    private LongOf<T> partition = row -> 0;

    private Builder(String table) {
      Check.that(table.matches("[A-Za-z_][A-Za-z0-9_]*"), "not a plain table name: %s", table);
      this.table = table;
    }

    /** {@code PARTITION BY toYYYYMM(column)}, of a DateTime64 in UTC with these ticks. */
    public Builder<T> partitionByMonth(String column, int precision, LongOf<T> ticks) {
      long perSecond = pow10(precision);
      partitionExpression = "toYYYYMM(" + column + ")";
      partition = row -> month(Math.floorDiv(ticks.applyAsLong(row), perSecond));
      return this;
    }

    public Builder<T> string(String name, StringOf<T> value) {
      return add(name, "String", (row, out) -> out.string(value.apply(row)));
    }

    public Builder<T> lowCardinality(String name, StringOf<T> value) {
      return add(name, "LowCardinality(String)", (row, out) -> out.string(value.apply(row)));
    }

    /** String of arbitrary bytes. */
    public Builder<T> bytes(String name, BytesOf<T> value) {
      return add(name, "String", value::write);
    }

    /** JSON object as UTF-8 text. */
    public Builder<T> json(String name, BytesOf<T> value) {
      return add(name, "JSON", value::write);
    }

    public Builder<T> bool(String name, BoolOf<T> value) {
      return add(name, "Bool", (row, out) -> out.int8(value.test(row) ? 1 : 0));
    }

    /** 0..255; anything else is an {@link IllegalArgumentException}, as for all ranges here. */
    public Builder<T> uint8(String name, IntOf<T> value) {
      return add(name, "UInt8", (row, out) -> out.int8(range(name, value.applyAsInt(row), 0, 255)));
    }

    public Builder<T> uint16(String name, IntOf<T> value) {
      return add(
          name, "UInt16", (row, out) -> out.int16(range(name, value.applyAsInt(row), 0, 65_535)));
    }

    public Builder<T> int32(String name, IntOf<T> value) {
      return add(name, "Int32", (row, out) -> out.int32(value.applyAsInt(row)));
    }

    public Builder<T> uint32(String name, LongOf<T> value) {
      return add(
          name,
          "UInt32",
          (row, out) -> out.int32((int) range(name, value.applyAsLong(row), 0, 0xffff_ffffL)));
    }

    public Builder<T> int64(String name, LongOf<T> value) {
      return add(name, "Int64", (row, out) -> out.int64(value.applyAsLong(row)));
    }

    /** 0..2^63-1. */
    public Builder<T> uint64(String name, LongOf<T> value) {
      return add(
          name,
          "UInt64",
          (row, out) -> out.int64(range(name, value.applyAsLong(row), 0, Long.MAX_VALUE)));
    }

    /** Ticks since the epoch: seconds for precision 0, milliseconds for 3, microseconds for 6. */
    public Builder<T> dateTime64(String name, int precision, LongOf<T> ticks) {
      return add(
          name,
          "DateTime64(" + precision + ",'UTC')",
          (row, out) -> out.int64(ticks.applyAsLong(row)));
    }

    /** Unscaled value, up to 18 digits. */
    public Builder<T> decimal64(String name, int scale, LongOf<T> unscaled) {
      return add(
          name,
          "Decimal(18," + scale + ")",
          (row, out) ->
              out.int64(range(name, unscaled.applyAsLong(row), -DECIMAL64_MAX, DECIMAL64_MAX)));
    }

    private static final long DECIMAL64_MAX = 999_999_999_999_999_999L;

    private Builder<T> add(String name, String type, Column.Value<T> value) {
      Check.that(name.matches("[A-Za-z_][A-Za-z0-9_]*"), "not a plain column name: %s", name);
      columns.add(new Column<>(name, type, value));
      return this;
    }

    /** The mapping; at least one column. */
    public TableMapping<T> build() {
      Check.that(!columns.isEmpty(), "a mapping of %s needs columns", table);
      return new TableMapping<>(this);
    }

    private static int range(String name, int value, int min, int max) {
      return (int) range(name, (long) value, min, max);
    }

    private static long range(String name, long value, long min, long max) {
      if (value < min || value > max) {
        throw new IllegalArgumentException(
            name + " must be in " + min + ".." + max + ", was " + value);
      }
      return value;
    }

    private static long pow10(int exponent) {
      long power = 1;
      for (int i = 0; i < exponent; i++) {
        power *= 10;
      }
      return power;
    }
  }
}
