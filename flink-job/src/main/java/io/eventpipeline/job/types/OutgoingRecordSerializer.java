package io.eventpipeline.job.types;

import io.eventpipeline.job.OutgoingRecord;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Version, then the fields in their order; a record without a key has a flag instead of one.
 * Version 1 has no source.
 */
final class OutgoingRecordSerializer extends FlatSerializer<OutgoingRecord> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 2;

  static final OutgoingRecordSerializer INSTANCE = new OutgoingRecordSerializer();

  @Override
  public void serialize(OutgoingRecord record, DataOutputView out) throws IOException {
    writeVersion(VERSION, out);
    writeText(record.topic(), out);
    out.writeBoolean(record.key() != null);
    if (record.key() != null) {
      writeBytes(record.key(), out);
    }
    writeBytes(record.value(), out);
    out.writeShort(record.headers().size());
    for (Map.Entry<String, String> header : record.headers().entrySet()) {
      writeText(header.getKey(), out);
      writeText(header.getValue(), out);
    }
    out.writeLong(record.timestampMillis());
    out.writeInt(record.sourcePartition());
    out.writeLong(record.sourceOffset());
  }

  @Override
  public OutgoingRecord deserialize(DataInputView in) throws IOException {
    int version = readVersion(VERSION, in);
    String topic = readText(in);
    byte[] key = in.readBoolean() ? readBytes(in) : null;
    byte[] value = readBytes(in);
    int count = in.readShort();
    Map<String, String> headers = count == 0 ? Map.of() : readHeaders(count, in);
    long timestampMillis = in.readLong();
    int sourcePartition = version == 1 ? -1 : in.readInt();
    long sourceOffset = version == 1 ? -1 : in.readLong();
    return new OutgoingRecord(
        topic, key, value, headers, timestampMillis, sourcePartition, sourceOffset);
  }

  private static Map<String, String> readHeaders(int count, DataInputView in) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (int i = 0; i < count; i++) {
      String name = readText(in);
      headers.put(name, readText(in));
    }
    return headers;
  }

  @Override
  public TypeSerializerSnapshot<OutgoingRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Found by its name in savepoints. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<OutgoingRecord> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
