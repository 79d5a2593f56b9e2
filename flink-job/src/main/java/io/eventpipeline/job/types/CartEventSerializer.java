package io.eventpipeline.job.types;

import io.eventpipeline.contract.Event;
import io.eventpipeline.job.CartData;
import io.eventpipeline.job.CartEvent;
import io.eventpipeline.job.SessionContext;
import io.eventpipeline.job.Upcast;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Version, then the event, the cart, the session and the upcast, each with its fields in their
 * order; version 1 had no upcast.
 */
final class CartEventSerializer extends FlatSerializer<CartEvent> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 2;

  static final CartEventSerializer INSTANCE = new CartEventSerializer();

  @Override
  public void serialize(CartEvent in, DataOutputView out) throws IOException {
    writeVersion(VERSION, out);
    EventSerializer.INSTANCE.serialize(in.event(), out);
    CartData cart = in.cart();
    writeText(cart.sku(), out);
    out.writeInt(cart.quantity());
    out.writeLong(cart.unitPriceE4());
    out.writeLong(cart.totalE4());
    writeText(cart.currency(), out);
    writeText(cart.orderId(), out);
    SessionContext session = in.session();
    out.writeLong(session.startedAtMicros());
    out.writeInt(session.eventIndex());
    out.writeLong(session.durationMillis());
    out.writeInt(session.cartItems());
    out.writeLong(session.cartValueE4());
    out.writeInt(in.upcast().named());
    writeBytes(in.upcast().data(), out);
  }

  @Override
  public CartEvent deserialize(DataInputView in) throws IOException {
    int version = readVersion(VERSION, in);
    Event event = EventSerializer.INSTANCE.deserialize(in);
    return new CartEvent(
        event,
        new CartData(
            readText(in), in.readInt(), in.readLong(), in.readLong(), readText(in), readText(in)),
        new SessionContext(in.readLong(), in.readInt(), in.readLong(), in.readInt(), in.readLong()),
        version >= 2 ? new Upcast(in.readInt(), readBytes(in)) : asItCame(event));
  }

  private static Upcast asItCame(Event event) {
    return new Upcast(event.schemaVersion(), new byte[0]);
  }

  @Override
  public TypeSerializerSnapshot<CartEvent> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Found by its name in savepoints. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<CartEvent> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
