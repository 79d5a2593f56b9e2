package io.eventpipeline.job.types;

import io.eventpipeline.contract.Event;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Version, then the fields in their order; version 1 had no {@code follows}. */
final class EventSerializer extends FlatSerializer<Event> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 2;

  static final EventSerializer INSTANCE = new EventSerializer();

  @Override
  public void serialize(Event event, DataOutputView out) throws IOException {
    writeVersion(VERSION, out);
    writeText(event.id(), out);
    writeText(event.source(), out);
    writeText(event.type(), out);
    out.writeInt(event.schemaVersion());
    out.writeLong(event.timeMicros());
    writeText(event.storeId(), out);
    writeText(event.userId(), out);
    writeText(event.sessionId(), out);
    writeText(event.cartId(), out);
    writeBytes(event.payload(), out);
    out.writeInt(event.dataStart());
    out.writeInt(event.dataLength());
    out.writeLong(event.receivedAtMicros());
    out.writeInt(event.partition());
    out.writeLong(event.offset());
    out.writeLong(event.follows());
  }

  @Override
  public Event deserialize(DataInputView in) throws IOException {
    int version = readVersion(VERSION, in);
    return new Event(
        readText(in),
        readText(in),
        readText(in),
        in.readInt(),
        in.readLong(),
        readText(in),
        readText(in),
        readText(in),
        readText(in),
        readBytes(in),
        in.readInt(),
        in.readInt(),
        in.readLong(),
        in.readInt(),
        in.readLong(),
        version >= 2 ? in.readLong() : Event.FOLLOWS_NONE);
  }

  @Override
  public TypeSerializerSnapshot<Event> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Found by its name in savepoints. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Event> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
