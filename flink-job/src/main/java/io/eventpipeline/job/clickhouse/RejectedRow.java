package io.eventpipeline.job.clickhouse;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    ByteBuffer in = ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN);
    block.columns().forEach(column -> values.put(column.name(), read(column.type(), in)));
  }

  private static Object read(String type, ByteBuffer in) {
    String name = type.replaceAll("\\(.*", "");
    return switch (name) {
      case "String", "LowCardinality", "JSON" -> readBytes(in);
      case "Bool", "UInt8" -> (long) (in.get() & 0xff);
      case "UInt16" -> (long) (in.getShort() & 0xffff);
      case "Int32" -> (long) in.getInt();
      case "UInt32" -> in.getInt() & 0xffff_ffffL;
      case "Int64", "UInt64", "DateTime64", "Decimal" -> in.getLong();
      default -> throw new IllegalStateException("no mapping writes " + type);
    };
  }

  private static byte[] readBytes(ByteBuffer in) {
    int length = 0;
    int shift = 0;
    byte b;
    do {
      b = in.get();
      length |= (b & 0x7f) << shift;
      shift += 7;
    } while (b < 0);
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
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
