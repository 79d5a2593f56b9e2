package io.eventpipeline.job.clickhouse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Values in ClickHouse's RowBinary format, one after the other in one growing array. Not
 * thread-safe.
 *
 * <p>Numbers are little-endian; a string is its length in bytes as unsigned LEB128, then its bytes
 * (clickhouse.com/docs/interfaces/formats/RowBinary).
 */
public final class RowBuffer {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes;
  private int size;

  RowBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  byte[] array() {
    return bytes;
  }

  /** UInt8, Int8, Bool. */
  public void int8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  /** UInt16, Int16. */
  public void int16(int value) {
    reserve(2);
    SHORT.set(bytes, size, (short) value);
    size += 2;
  }

  /** UInt32, Int32. */
  public void int32(int value) {
    reserve(4);
    INT.set(bytes, size, value);
    size += 4;
  }

  /** UInt64, Int64, DateTime64 (ticks), Decimal64 (unscaled). */
  public void int64(long value) {
    reserve(8);
    LONG.set(bytes, size, value);
    size += 8;
  }

  /** String or LowCardinality(String); a lone surrogate becomes {@code ?}, as UTF-8 has none. */
  public void string(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    bytes(utf8, 0, utf8.length);
  }

  /** String of any bytes, or JSON text. */
  public void bytes(byte[] value, int offset, int length) {
    reserve(length + 5);
    varint(length);
    System.arraycopy(value, offset, bytes, size, length);
    size += length;
  }

  void varint(int value) {
    reserve(5);
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      bytes[size++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** Takes {@code length} bytes that are already in the format. */
  void raw(byte[] value, int offset, int length) {
    reserve(length);
    System.arraycopy(value, offset, bytes, size, length);
    size += length;
  }

  void truncate(int newSize) {
    size = newSize;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes =
          Arrays.copyOf(
              bytes,
              Math.max(
                  Math.addExact(size, more),
                  (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
    }
  }
}
