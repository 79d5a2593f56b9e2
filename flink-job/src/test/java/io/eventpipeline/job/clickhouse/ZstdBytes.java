package io.eventpipeline.job.clickhouse;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Decompresses a frame of unknown size. */
final class ZstdBytes {
  private ZstdBytes() {}

  static byte[] all(byte[] frame) {
    try (var in = new ZstdInputStream(new ByteArrayInputStream(frame))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
