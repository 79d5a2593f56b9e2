package io.eventpipeline.job.clickhouse;

import com.github.luben.zstd.Zstd;
import java.util.Arrays;

/**
 * Zstandard frames, which ClickHouse takes as {@code Content-Encoding: zstd}.
 *
 * <p>Native code wherever the class was loaded from. LZ4 for Java is, under Flink's class loader
 * for jobs, pure Java there, which was a sixth of the job's time; and its blocks, which travel in
 * checkpoints, are larger.
 */
final class ZstdFrame {
  /** The quickest of the regular levels. */
  private static final int LEVEL = 1;

  private ZstdFrame() {}

  static byte[] compress(byte[] bytes, int length) {
    byte[] frame = new byte[Math.toIntExact(Zstd.compressBound(length))];
    long size = Zstd.compressByteArray(frame, 0, frame.length, bytes, 0, length, LEVEL);
    return Arrays.copyOf(frame, checked(size, "compressing"));
  }

  static byte[] decompress(byte[] frame, int length) {
    byte[] bytes = new byte[length];
    long size = Zstd.decompressByteArray(bytes, 0, length, frame, 0, frame.length);
    if (checked(size, "decompressing") != length) {
      throw new IllegalStateException("a block of " + size + " bytes, not " + length);
    }
    return bytes;
  }

  private static int checked(long size, String doing) {
    if (Zstd.isError(size)) {
      throw new IllegalStateException(doing + " a block: " + Zstd.getErrorName(size));
    }
    return Math.toIntExact(size);
  }
}
