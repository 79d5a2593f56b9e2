package io.eventpipeline.job.clickhouse;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;

/** LZ4 frames, which ClickHouse takes as {@code Content-Encoding: lz4}. */
final class Lz4 {
  private Lz4() {}

  static byte[] compress(byte[] bytes, int length) {
    var out = new ByteArrayOutputStream(Math.max(64, length / 3));
    try (var frame = new LZ4FrameOutputStream(out, BLOCKSIZE.SIZE_256KB)) {
      frame.write(bytes, 0, length);
    } catch (IOException e) {
      throw new UncheckedIOException("compressing in memory", e);
    }
    return out.toByteArray();
  }

  static byte[] decompress(byte[] frame, int length) {
    try (var in = new LZ4FrameInputStream(new ByteArrayInputStream(frame))) {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length != length || in.read() >= 0) {
        throw new IOException("not " + length + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException("decompressing a block", e);
    }
  }
}
