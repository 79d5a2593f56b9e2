package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import java.nio.charset.StandardCharsets;

/**
 * What the registry's evolution has made of an event; the version that it is written as is the
 * event's {@code schemaVersion}.
 *
 * @param named the version that the event named; the newest one when it named none
 * @param data its data in the shape of the version that it is written as, JSON in UTF-8; empty when
 *     that is the data it came with
 */
public record Upcast(int named, byte[] data) {
  private static final byte[] AS_IT_CAME = {};

  /** An event that is written as it came. */
  static Upcast none(int version) {
    return new Upcast(version, AS_IT_CAME);
  }

  /** Whether a migration changed the data. */
  public boolean changed() {
    return data.length > 0;
  }

  /**
   * The envelope with the new data in it: the producer's bytes, but for the values of {@code data}
   * and of {@code dataschema}, which would otherwise name what the data no longer is.
   */
  byte[] envelope(Event event) {
    byte[] payload = event.payload();
    if (!changed()) {
      return payload;
    }
    EnvelopeSpan old = new EnvelopeSpan(event.dataStart(), event.dataLength());
    EnvelopeSpan schema = EnvelopeSpan.of(payload, "dataschema");
    if (schema == null) {
      return new JsonBytes(payload.length + data.length)
          .raw(payload, 0, old.start())
          .raw(data, 0, data.length)
          .raw(payload, old.end(), payload.length - old.end())
          .toBytes();
    }
    byte[] name =
        ("\"schema:" + event.type() + "/" + event.schemaVersion() + "\"")
            .getBytes(StandardCharsets.UTF_8);
    boolean dataFirst = old.start() < schema.start();
    EnvelopeSpan first = dataFirst ? old : schema;
    EnvelopeSpan second = dataFirst ? schema : old;
    byte[] inFirst = dataFirst ? data : name;
    byte[] inSecond = dataFirst ? name : data;
    return new JsonBytes(payload.length + data.length + name.length)
        .raw(payload, 0, first.start())
        .raw(inFirst, 0, inFirst.length)
        .raw(payload, first.end(), second.start() - first.end())
        .raw(inSecond, 0, inSecond.length)
        .raw(payload, second.end(), payload.length - second.end())
        .toBytes();
  }
}
