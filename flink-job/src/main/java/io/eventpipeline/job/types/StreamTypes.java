package io.eventpipeline.job.types;

import io.eventpipeline.contract.Event;
import io.eventpipeline.job.CartEvent;
import io.eventpipeline.job.OutgoingRecord;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** The types of the streams that every event goes through between tasks. */
public final class StreamTypes {
  public static final TypeInformation<Event> EVENT =
      new FlatType<>(Event.class, EventSerializer.INSTANCE);

  public static final TypeInformation<CartEvent> CART_EVENT =
      new FlatType<>(CartEvent.class, CartEventSerializer.INSTANCE);

  public static final TypeInformation<OutgoingRecord> OUTGOING_RECORD =
      new FlatType<>(OutgoingRecord.class, OutgoingRecordSerializer.INSTANCE);

  private StreamTypes() {}
}
