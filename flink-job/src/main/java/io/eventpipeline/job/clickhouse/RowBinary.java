package io.eventpipeline.job.clickhouse;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads what {@link RowBuffer} writes: values of the types that a {@link TableMapping} knows. */
final class RowBinary {
  private RowBinary() {}

  static ByteBuffer wrap(byte[] row) {
    return ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A text as its bytes, everything else as a Long: the number, the ticks, the unscaled value. */
  static Object value(String type, ByteBuffer in) {
    return switch (name(type)) {
      case "String", "LowCardinality", "JSON" -> bytes(in);
      case "Bool", "UInt8" -> (long) (in.get() & 0xff);
      case "UInt16" -> (long) (in.getShort() & 0xffff);
      case "Int32" -> (long) in.getInt();
      case "UInt32" -> in.getInt() & 0xffff_ffffL;
      case "Int64", "UInt64", "DateTime64", "Decimal" -> in.getLong();
      default -> throw unknown(type);
    };
  }

  /** A text as its bytes without their length, everything else as it stands in the row. */
  static byte[] raw(String type, ByteBuffer in) {
    int width =
        switch (name(type)) {
          case "String", "LowCardinality", "JSON" -> varint(in);
          case "Bool", "UInt8" -> 1;
          case "UInt16" -> 2;
          case "Int32", "UInt32" -> 4;
          case "Int64", "UInt64", "DateTime64", "Decimal" -> 8;
          default -> throw unknown(type);
        };
    byte[] raw = new byte[width];
    in.get(raw);
    return raw;
  }

  static boolean isText(String type) {
    return switch (name(type)) {
      case "String", "LowCardinality", "JSON" -> true;
      default -> false;
    };
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[varint(in)];
    in.get(bytes);
    return bytes;
  }

  /** Unsigned LEB128. */
  static int varint(ByteBuffer in) {
    int value = 0;
    int shift = 0;
    byte b;
    do {
      b = in.get();
      value |= (b & 0x7f) << shift;
      shift += 7;
    } while (b < 0);
    return value;
  }

  private static String name(String type) {
    int arguments = type.indexOf('(');
    return arguments < 0 ? type : type.substring(0, arguments);
  }

  private static IllegalStateException unknown(String type) {
    return new IllegalStateException("no mapping writes " + type);
  }
}
