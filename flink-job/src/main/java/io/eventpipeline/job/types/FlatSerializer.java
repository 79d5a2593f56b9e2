package io.eventpipeline.job.types;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes immutable records field by field.
 *
 * <p>Flink's serializer for records reads each field by reflection and builds the record through a
 * map of boxed values; the look-up step would also copy each record with it. For the records that
 * cross between steps that was an eighth of the job's time.
 *
 * <p>What these write is also state, namely of look-ups in flight, so the first byte is a version
 * and a serializer goes on reading the versions before its own.
 */
abstract class FlatSerializer<T> extends TypeSerializerSingleton<T> {
  private static final long serialVersionUID = 1L;
  private static final byte[] NO_BYTES = {};

  @Override
  public final boolean isImmutableType() {
    return true;
  }

  @Override
  public final T createInstance() {
    return null; // what is immutable cannot be filled in later
  }

  @Override
  public final T copy(T from) {
    return from;
  }

  @Override
  public final T copy(T from, T reuse) {
    return from;
  }

  @Override
  public final int getLength() {
    return -1;
  }

  @Override
  public final T deserialize(T reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public final void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  static void writeVersion(int version, DataOutputView out) throws IOException {
    out.writeByte(version);
  }

  /** Fails for a version that this program does not know: it is older than the state. */
  static int readVersion(int known, DataInputView in) throws IOException {
    int version = in.readByte();
    if (version < 1 || version > known) {
      throw new IOException("a record of format " + version + "; this job reads 1 to " + known);
    }
    return version;
  }

  static void writeText(String text, DataOutputView out) throws IOException {
    writeBytes(text.getBytes(StandardCharsets.UTF_8), out);
  }

  static String readText(DataInputView in) throws IOException {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }

  static void writeBytes(byte[] bytes, DataOutputView out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static byte[] readBytes(DataInputView in) throws IOException {
    int length = in.readInt();
    if (length == 0) {
      return NO_BYTES;
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }
}
