package io.eventpipeline.launcher.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eventpipeline.config.Secret;
import io.eventpipeline.contract.FailureReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Stores and hand-made events. */
final class TestRun {
  static final List<Target.StoreKey> STORES =
      List.of(
          new Target.StoreKey("store-1", "EUR", new Secret("dev-write-key")),
          new Target.StoreKey("store-2", "USD", new Secret("dev-write-key-2")),
          new Target.StoreKey("store-3", "JPY", new Secret("dev-write-key-3")));

  static final String TYPE = EventType.PRODUCT_VIEWED.code();
  static final int CHECKSUM = 7;

  private TestRun() {}

  /** Registers a named event of the first store. */
  static int register(Ledger ledger, FailureReason expectation) {
    return ledger.register(
        Optional.ofNullable(expectation), 0, EventType.PRODUCT_VIEWED, true, CHECKSUM);
  }

  /** Registers an event that leaves its id to the edge. */
  static int registerNameless(Ledger ledger) {
    return ledger.register(Optional.empty(), 0, EventType.PRODUCT_VIEWED, false, CHECKSUM);
  }

  /** Registers {@code count} events and gives them as they are sent. */
  static List<Outgoing> events(Ledger ledger, int count) {
    List<Outgoing> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int event = register(ledger, null);
      String body = "{\"type\":\"" + TYPE + "\",\"id\":\"" + Ledger.id(event) + "\",\"data\":{}}";
      events.add(new Outgoing(event, body.getBytes(UTF_8)));
    }
    return events;
  }
}
