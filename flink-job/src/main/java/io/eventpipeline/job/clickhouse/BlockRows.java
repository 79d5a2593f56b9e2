package io.eventpipeline.job.clickhouse;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/** The rows of a {@link Block}, uncompressed, so that some of them can be sent or looked at. */
final class BlockRows {
  private final byte[] body;
  private final int[] starts;

  private BlockRows(byte[] body, int[] starts) {
    this.body = body;
    this.starts = starts;
  }

  static BlockRows of(Block block) {
    int[] starts = new int[block.rows() + 1];
    ByteBuffer lengths = ByteBuffer.wrap(block.lengths());
    for (int row = 0; row < block.rows(); row++) {
      starts[row + 1] = starts[row] + RowBinary.varint(lengths);
    }
    byte[] body = ZstdFrame.decompress(block.body(), block.bodyBytes());
    if (starts[block.rows()] != body.length) {
      throw new IllegalStateException("row lengths of " + block + " do not add up");
    }
    return new BlockRows(body, starts);
  }

  /** One row in RowBinary. */
  byte[] row(int number) {
    return Arrays.copyOfRange(body, starts[number], starts[number + 1]);
  }

  /** The chosen rows in RowBinary, as one Zstandard frame. */
  byte[] compressed(BitSet rows) {
    RowBuffer chosen = new RowBuffer(Math.max(64, body.length));
    rows.stream().forEach(row -> chosen.raw(body, starts[row], starts[row + 1] - starts[row]));
    return ZstdFrame.compress(chosen.array(), chosen.size());
  }
}
