package io.eventpipeline.job.users;

import io.eventpipeline.job.UserActivity;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Rows that wait, as a checkpoint keeps them. */
final class UserActivitySerializer implements SimpleVersionedSerializer<UserActivity> {
  private static final int VERSION = 1;
  private static final int TYPICAL_BYTES = 128;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(UserActivity activity) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(TYPICAL_BYTES);
    out.writeUTF(activity.userId());
    out.writeLong(activity.atMicros());
    out.writeBoolean(activity.purchase());
    out.writeUTF(activity.storeId());
    out.writeUTF(activity.source());
    out.writeUTF(activity.eventId());
    out.writeUTF(activity.orderId());
    out.writeLong(activity.totalE4());
    out.writeUTF(activity.currency());
    return out.getCopyOfBuffer();
  }

  @Override
  public UserActivity deserialize(int version, byte[] bytes) throws IOException {
    if (version != VERSION) {
      throw new IOException("user activity of version " + version + " is not known here");
    }
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    return new UserActivity(
        in.readUTF(),
        in.readLong(),
        in.readBoolean(),
        in.readUTF(),
        in.readUTF(),
        in.readUTF(),
        in.readUTF(),
        in.readLong(),
        in.readUTF());
  }
}
