package io.eventpipeline.job.clickhouse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A row that ClickHouse refused on its own, decoded again from the block.
 *
 * <p>Columns that the row does not have read as {@code ""} and 0.
 */
public final class RejectedRow {
  private final Block block;
  private final int code;
  private final String message;
  private final long failedAtMicros;
  private final Map<String, Object> values = new HashMap<>();

  RejectedRow(Block block, byte[] row, int code, String message, long failedAtMicros) {
    this.block = block;
    this.code = code;
    this.message = message;
    this.failedAtMicros = failedAtMicros;
    ByteBuffer in = RowBinary.wrap(row);
    block
        .columns()
        .forEach(column -> values.put(column.name(), RowBinary.value(column.type(), in)));
  }

  /** Table that refused it, without the database. */
  public String table() {
    return block.table();
  }

  /** ClickHouse's error code. */
  public int code() {
    return code;
  }

  /** What ClickHouse said. */
  public String message() {
    return message;
  }

  /** When it was found, microseconds since the epoch. */
  public long failedAtMicros() {
    return failedAtMicros;
  }

  /** A String or JSON column as text. */
  public String text(String column) {
    return new String(bytes(column), StandardCharsets.UTF_8);
  }

  /** A String or JSON column as its bytes. */
  public byte[] bytes(String column) {
    return values.get(column) instanceof byte[] bytes
        ? Arrays.copyOf(bytes, bytes.length)
        : new byte[0];
  }

  /** Any number, ticks of a time, or the unscaled value of a decimal. */
  public long number(String column) {
    return values.get(column) instanceof Long number ? number : 0;
  }
}
