package io.eventpipeline.job.clickhouse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import net.jpountz.lz4.LZ4FrameInputStream;

/** Decompresses a frame of unknown size. */
final class Lz4Bytes {
  private Lz4Bytes() {}

  static byte[] all(byte[] frame) {
    try (var in = new LZ4FrameInputStream(new ByteArrayInputStream(frame))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
