package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.FailureReason;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DedupHarnessTest {
  private static final Duration TTL = TestEvents.DEDUP.ttl();

  private KeyedOneInputStreamOperatorTestHarness<String, Event, Event> harness;

  @BeforeEach
  void open() throws Exception {
    harness = harness();
    harness.open();
    harness.setStateTtlProcessingTime(0);
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, Event, Event> harness()
      throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new KeyedProcessOperator<>(new DedupFunction(TestEvents.DEDUP, TestEvents.CLOCK)),
        EventKeys::identity,
        Types.STRING);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void letsTheFirstOfAnIdentityPassAndCountsTheRest() throws Exception {
    send(TestEvents.added("i-1", "SKU-1", 1, "1"));
    send(TestEvents.added("i-1", "SKU-1", 1, "1"));
    send(TestEvents.added("i-2", "SKU-1", 1, "1"));

    assertThat(passed()).containsExactly("i-1", "i-2");
    assertThat(refusals()).isZero();
    assertThat(harness.numKeyedStateEntries()).isEqualTo(2);
  }

  @Test
  void refusesOtherContentUnderTheSameIdentity() throws Exception {
    String first = TestEvents.added("i-1", "SKU-1", 1, "1");
    send(first);
    send(TestEvents.added("i-1", "SKU-1", 2, "1"));
    send(first.replace("cart.item_added", "cart.item_removed"));
    send(first);

    assertThat(passed()).containsExactly("i-1");
    assertThat(harness.getSideOutput(DeadLetters.TAG))
        .extracting(record -> record.getValue().reason())
        .containsExactly(FailureReason.ID_CONFLICT, FailureReason.ID_CONFLICT);
  }

  @Test
  void keepsStoresAndSourcesApart() throws Exception {
    String event = TestEvents.added("i-1", "SKU-1", 1, "1");
    send(event);
    send(event.replace("store-1", "store-2"));
    send(event.replace("/shop/web", "/shop/app"));

    assertThat(passed()).hasSize(3);
  }

  @Test
  void ignoresWhatIsNotContent() throws Exception {
    String event = TestEvents.added("i-1", "SKU-1", 1, "1");
    send(event);
    send(event.replace("\"time\":\"2026-11-20T12", "\"time\":\"2026-11-20T11"));

    assertThat(passed()).hasSize(1);
    assertThat(refusals()).isZero();
  }

  @Test
  void forgetsAnIdentityAfterItsTimeAndKeepsNoState() throws Exception {
    for (int i = 0; i < 3; i++) {
      send(TestEvents.added("i-" + i, "SKU-1", 1, "1"));
    }
    harness.setStateTtlProcessingTime(TTL.toMillis() - 1);
    send(TestEvents.added("i-0", "SKU-1", 1, "1")); // a duplicate does not prolong it
    assertThat(passed()).hasSize(3);

    harness.setStateTtlProcessingTime(TTL.toMillis());
    send(TestEvents.added("i-0", "SKU-1", 1, "1"));
    assertThat(passed()).hasSize(4);

    harness.setStateTtlProcessingTime(2 * TTL.toMillis());
    for (int i = 0; i < 100; i++) { // the heap backend forgets a few entries with each access
      send(TestEvents.added("last", "SKU-1", 1, "1"));
    }
    assertThat(harness.numKeyedStateEntries()).as("of the last event alone").isEqualTo(1);
    assertThat(harness.numEventTimeTimers() + harness.numProcessingTimeTimers()).isZero();
  }

  @Test
  void remembersThroughARestart() throws Exception {
    send(TestEvents.added("i-1", "SKU-1", 1, "1"));
    var state = harness.snapshot(1, 0);
    harness.close();

    harness = harness();
    harness.initializeState(state);
    harness.open();
    send(TestEvents.added("i-1", "SKU-1", 1, "1"));
    send(TestEvents.added("i-2", "SKU-1", 1, "1"));

    assertThat(passed()).containsExactly("i-2");
  }

  private void send(String json) throws Exception {
    harness.processElement(new StreamRecord<>(TestEvents.event(json)));
  }

  private List<String> passed() {
    return harness.extractOutputValues().stream().map(Event::id).toList();
  }

  private int refusals() {
    var refusals = harness.getSideOutput(DeadLetters.TAG);
    return refusals == null ? 0 : refusals.size();
  }
}
