package io.eventpipeline.job.clickhouse;

import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Blocks in checkpoints and savepoints, which the next release restores: a new layout is a new
 * version, and {@link #deserialize} keeps reading the last one.
 *
 * <p>Version 2: the components of {@link Block} in order, big-endian, strings in modified UTF-8,
 * bytes after their number as an int. Version 1 was in no release.
 */
final class BlockSerializer implements SimpleVersionedSerializer<Block> {
  private static final int VERSION = 2;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(Block block) throws IOException {
    var bytes = new ByteArrayOutputStream(block.body().length + block.lengths().length + 4096);
    try (var out = new DataOutputStream(bytes)) {
      out.writeUTF(block.table());
      out.writeUTF(block.partition());
      out.writeUTF(block.commitId());
      out.writeLong(block.restoredFrom());
      out.writeShort(block.columns().size());
      for (BlockColumn column : block.columns()) {
        out.writeUTF(column.name());
        out.writeUTF(column.type());
      }
      out.writeInt(block.rows());
      out.writeInt(block.bodyBytes());
      writeBytes(out, block.lengths());
      writeBytes(out, block.body());
    }
    return bytes.toByteArray();
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  @Override
  public Block deserialize(int version, byte[] serialized) throws IOException {
    return switch (version) {
      case 2 -> version2(serialized);
      default ->
          throw new IOException("a block of version " + version + "; this job reads " + VERSION);
    };
  }

  private static Block version2(byte[] serialized) throws IOException {
    try (var in = new DataInputStream(new ByteArrayInputStream(serialized))) {
      String table = in.readUTF();
      String partition = in.readUTF();
      String commitId = in.readUTF();
      long restoredFrom = in.readLong();
      int count = in.readUnsignedShort();
      List<BlockColumn> columns = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        columns.add(new BlockColumn(in.readUTF(), in.readUTF()));
      }
      int rows = in.readInt();
      int bodyBytes = in.readInt();
      byte[] lengths = readBytes(in);
      byte[] body = readBytes(in);
      if (in.read() >= 0) {
        throw new IOException("bytes left after block " + commitId);
      }
      return new Block(
          table,
          partition,
          commitId,
          restoredFrom,
          List.copyOf(columns),
          rows,
          lengths,
          bodyBytes,
          body);
    }
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    byte[] bytes = in.readNBytes(length);
    if (bytes.length != length) {
      throw new IOException("a block cut short");
    }
    return bytes;
  }
}
