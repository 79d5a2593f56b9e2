package io.eventpipeline.job.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.contract.Event;
import io.eventpipeline.job.CartData;
import io.eventpipeline.job.CartEvent;
import io.eventpipeline.job.OutgoingRecord;
import io.eventpipeline.job.SessionContext;
import io.eventpipeline.job.TestEvents;
import io.eventpipeline.job.Upcast;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshotSerializationUtil;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StreamTypesTest {
  private static final Event EVENT =
      TestEvents.event(
          TestEvents.envelope("é€😀", "cart.viewed", "s", TestEvents.RECEIVED, "{\"a\":1}"));

  /** Every field of each has a value of its own, so that none can be swapped for another. */
  static Stream<Arguments> records() {
    var event =
        new Event("a", "b", "c", 1, 2, "d", "e", "f", "g", new byte[] {7, 8}, 3, 4, 5, 6, 9, 8);
    var cart = new CartData("h", 10, 11, 12, "i", "j");
    var session = new SessionContext(13, 14, 15, 16, 17);
    return Stream.of(
        Arguments.of(StreamTypes.EVENT, event),
        Arguments.of(StreamTypes.EVENT, EVENT),
        Arguments.of(StreamTypes.EVENT, Event.undecodable(new byte[0], 1, 2, 3)),
        Arguments.of(
            StreamTypes.CART_EVENT,
            new CartEvent(event, cart, session, new Upcast(18, new byte[] {19}))),
        Arguments.of(
            StreamTypes.OUTGOING_RECORD,
            new OutgoingRecord(
                "t", new byte[] {1}, new byte[] {2, 3}, Map.of("n", "v"), 18, 3, 44)),
        Arguments.of(
            StreamTypes.OUTGOING_RECORD,
            new OutgoingRecord("t", null, new byte[0], Map.of(), Long.MIN_VALUE, -1, -1)));
  }

  @ParameterizedTest
  @MethodSource("records")
  <T> void readsWhatItWrote(TypeInformation<T> type, T record) throws IOException {
    TypeSerializer<T> serializer = type.createSerializer(new SerializerConfigImpl());
    var out = new DataOutputSerializer(16);
    serializer.serialize(record, out);
    serializer.serialize(record, out);

    var in = new DataInputDeserializer(out.getCopyOfBuffer());
    var copied = new DataOutputSerializer(16);
    assertThat(serializer.deserialize(in)).usingRecursiveComparison().isEqualTo(record);
    serializer.copy(in, copied);
    assertThat(in.available()).isZero();
    in.setBuffer(copied.getCopyOfBuffer());
    assertThat(serializer.deserialize(in)).usingRecursiveComparison().isEqualTo(record);
  }

  @ParameterizedTest
  @MethodSource("records")
  <T> void isFoundAgainInASavepoint(TypeInformation<T> type, T record) throws Exception {
    TypeSerializer<T> serializer = type.createSerializer(new SerializerConfigImpl());
    var out = new DataOutputSerializer(16);
    TypeSerializerSnapshotSerializationUtil.writeSerializerSnapshot(
        out, serializer.snapshotConfiguration());

    TypeSerializerSnapshot<T> read =
        TypeSerializerSnapshotSerializationUtil.readSerializerSnapshot(
            new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader());

    assertThat(
            serializer.snapshotConfiguration().resolveSchemaCompatibility(read).isCompatibleAsIs())
        .isTrue();
    assertThat(read.restoreSerializer()).isEqualTo(serializer);
    assertThat(InstantiationUtil.clone(type)).isEqualTo(type);
  }

  /** In flight when the job was upgraded: the last fields were not there yet. */
  @Test
  void readsCartEventsOfTheVersionBefore() throws IOException {
    var now =
        new CartEvent(
            EVENT.withSchemaVersion(7),
            new CartData("h", 10, 11, 12, "i", "j"),
            SessionContext.NONE,
            new Upcast(7, new byte[0]));
    var out = new DataOutputSerializer(16);
    CartEventSerializer.INSTANCE.serialize(now, out);
    byte[] bytes = Arrays.copyOf(out.getSharedBuffer(), out.length() - 2 * Integer.BYTES);
    bytes[0] = 1;

    assertThat(CartEventSerializer.INSTANCE.deserialize(new DataInputDeserializer(bytes)))
        .usingRecursiveComparison()
        .isEqualTo(now);
  }

  @Test
  void refusesAFormatThatIsNewer() throws IOException {
    var out = new DataOutputSerializer(16);
    EventSerializer.INSTANCE.serialize(EVENT, out);
    byte[] bytes = out.getCopyOfBuffer();
    bytes[0] = 3;

    assertThatThrownBy(() -> EventSerializer.INSTANCE.deserialize(new DataInputDeserializer(bytes)))
        .isInstanceOf(IOException.class)
        .hasMessage("a record of format 3; this job reads 1 to 2");
  }
}
