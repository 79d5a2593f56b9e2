package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionHarnessTest {
  private static final Duration GAP = Duration.ofMinutes(30);

  private KeyedOneInputStreamOperatorTestHarness<String, CartEvent, CartEvent> harness;
  private int ids;

  @BeforeEach
  void open() throws Exception {
    harness = harness();
    harness.open();
    harness.setStateTtlProcessingTime(0);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void countsEventsAndFollowsTheCart() throws Exception {
    send("product.viewed", "s-1", 0, "{\"sku\":\"A\"}");
    send("cart.item_added", "s-1", 10, item("A", 2, ",\"unit_price\":19.90"));
    send("cart.item_added", "s-1", 20, item("B", 1, ",\"unit_price\":5"));
    send("cart.quantity_changed", "s-1", 30, item("A", 3, ""));
    send("cart.item_removed", "s-1", 40, item("B", 1, ""));
    send("cart.item_removed", "s-1", 50, item("unknown", 7, ""));
    send("order.completed", "s-1", 60, "{\"order_id\":\"o\",\"total\":59.7}");

    assertThat(contexts())
        .extracting(SessionContext::eventIndex)
        .containsExactly(1, 2, 3, 4, 5, 6, 7);
    assertThat(contexts())
        .extracting(SessionContext::durationMillis)
        .containsExactly(0L, 10_000L, 20_000L, 30_000L, 40_000L, 50_000L, 60_000L);
    assertThat(contexts())
        .extracting(SessionContext::startedAtMicros)
        .containsOnly(TestEvents.RECEIVED_MICROS);
    assertThat(contexts())
        .extracting(SessionContext::cartItems)
        .containsExactly(0, 2, 3, 4, 3, 3, 0);
    assertThat(contexts())
        .extracting(SessionContext::cartValueE4)
        .containsExactly(0L, 398_000L, 448_000L, 647_000L, 597_000L, 597_000L, 0L);
  }

  @Test
  void keepsSessionsAndStoresApartAndHoldsNothingForEventsWithoutOne() throws Exception {
    send("product.viewed", "s-1", 0, "{}");
    send("product.viewed", "s-2", 0, "{}");
    send("product.viewed", "", 0, "{}");
    send("product.viewed", "", 0, "{}");

    harness.snapshot(1, 1);
    assertThat(contexts()).extracting(SessionContext::eventIndex).containsExactly(1, 1, 0, 0);
    assertThat(harness.numKeyedStateEntries()).isEqualTo(2);
  }

  @Test
  void startsAnewWhenTheEventsAreFurtherApartThanTheGap() throws Exception {
    send("product.viewed", "s-1", 0, "{}");
    send("product.viewed", "s-1", GAP.toSeconds(), "{}");
    send("product.viewed", "s-1", 2 * GAP.toSeconds() + 1, "{}");

    assertThat(contexts()).extracting(SessionContext::eventIndex).containsExactly(1, 2, 1);
  }

  @Test
  void countsALateEventWithoutRunningBackwards() throws Exception {
    send("product.viewed", "s-1", 100, "{}");
    send("product.viewed", "s-1", 0, "{}");

    assertThat(contexts()).extracting(SessionContext::durationMillis).containsExactly(0L, 0L);
    assertThat(contexts()).extracting(SessionContext::eventIndex).containsExactly(1, 2);
  }

  @Test
  void forgetsASessionAfterTheGapAndKeepsNoState() throws Exception {
    send("product.viewed", "s-1", 0, "{}");
    send("product.viewed", "s-2", 0, "{}");
    harness.snapshot(1, 1);
    harness.setStateTtlProcessingTime(GAP.toMillis());
    send("product.viewed", "s-1", 1, "{}");
    harness.snapshot(2, 2);

    assertThat(contexts()).extracting(SessionContext::eventIndex).containsExactly(1, 1, 1);
    assertThat(harness.numKeyedStateEntries()).as("of the last session alone").isEqualTo(1);
    assertThat(harness.numEventTimeTimers() + harness.numProcessingTimeTimers()).isZero();
  }

  @Test
  void goesOnThroughACheckpointAndARestart() throws Exception {
    send("cart.item_added", "s-1", 0, item("A", 2, ",\"unit_price\":1"));
    harness.snapshot(1, 1);
    send("cart.item_added", "s-1", 10, item("B", 1, ",\"unit_price\":1"));
    OperatorSubtaskState state = harness.snapshot(2, 2);
    send("cart.item_added", "s-1", 20, item("lost", 1, ",\"unit_price\":1"));
    harness.close();
    harness = harness();
    harness.initializeState(state);
    harness.open();
    harness.setStateTtlProcessingTime(0);

    send("cart.item_added", "s-1", 20, item("C", 1, ",\"unit_price\":1"));

    assertThat(contexts()).extracting(SessionContext::eventIndex).containsExactly(3);
    assertThat(contexts()).extracting(SessionContext::cartItems).containsExactly(4);
  }

  @Test
  void forgetsNoSessionWhenThereAreMoreThanItHolds() throws Exception {
    int sessions = 20_000;
    for (int i = 0; i < 2 * sessions; i++) {
      send("product.viewed", "s-" + i % sessions, 0, "{}");
    }

    assertThat(contexts().subList(sessions, 2 * sessions))
        .extracting(SessionContext::eventIndex)
        .containsOnly(2);
    assertThat(harness.numKeyedStateEntries())
        .as("in state without a checkpoint, since memory has no room")
        .isGreaterThan(sessions / 2);
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, CartEvent, CartEvent> harness()
      throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new HoldingOperator<>(new SessionFunction(GAP)), EventKeys::group, Types.STRING);
  }

  private void send(String type, String session, long second, String data) throws Exception {
    Instant time = TestEvents.RECEIVED.plusSeconds(second);
    String json = TestEvents.envelope("i-" + ids++, type, session, time, data);
    var event = TestEvents.receivedDayAfter(json);
    harness.processElement(new StreamRecord<>(TestEvents.cart(event)));
  }

  private List<SessionContext> contexts() {
    return harness.extractOutputValues().stream().map(CartEvent::session).toList();
  }

  private static String item(String sku, int quantity, String more) {
    return "{\"sku\":\"%s\",\"quantity\":%d%s}".formatted(sku, quantity, more);
  }
}
