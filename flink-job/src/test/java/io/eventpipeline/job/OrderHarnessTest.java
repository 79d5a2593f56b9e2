package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.Event;
import io.eventpipeline.job.decode.EventDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class OrderHarnessTest {
  private static final JobConfig.Order CONFIG =
      new JobConfig.Order(100, Duration.ofMinutes(5), Duration.ofSeconds(10));
  private static final long NONE = Event.FOLLOWS_NONE;

  private KeyedTwoInputStreamOperatorTestHarness<String, Event, Skipped, Event> harness;

  @BeforeEach
  void open() throws Exception {
    harness = harness();
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void letsEventsPassThatFollowNobodyOrOneThatHasPassed() throws Exception {
    send(10, NONE);
    send(14, 10);
    send(20, NONE);

    assertThat(offsets()).containsExactly(10L, 14L, 20L);
    assertThat(stateEntries()).isOne(); // the turn, nothing that waits
  }

  @Test
  void holdsAnEventUntilTheOneBeforeItHasPassed() throws Exception {
    send(14, 10);
    send(17, 14);
    assertThat(offsets()).isEmpty();

    send(10, NONE);

    assertThat(offsets()).containsExactly(10L, 14L, 17L);
    assertThat(stateEntries()).isOne();
  }

  @Test
  void doesNotWaitForWhatWasSkipped() throws Exception {
    send(17, 14);
    skip(14, 10);
    assertThat(offsets()).isEmpty();
    send(10, NONE);
    skip(18, 17);
    send(19, 18);

    assertThat(offsets()).containsExactly(10L, 17L, 19L);
  }

  @Test
  void keepsGroupsApart() throws Exception {
    send("s-1", 14, 10);
    send("s-2", 11, NONE);

    assertThat(offsets()).containsExactly(11L);
  }

  @Test
  void givesUpInOrderRatherThanHoldEventsForEver() throws Exception {
    harness.setProcessingTime(1_000);
    send(17, 14);
    send(14, 10);
    skip(18, 17);
    harness.snapshot(1, 1);
    harness.setProcessingTime(10_999);
    assertThat(offsets()).isEmpty();

    harness.setProcessingTime(11_000);
    send(19, 18);

    assertThat(offsets()).containsExactly(14L, 17L, 19L);
    assertThat(stateEntries()).isOne();
    assertThat(harness.numProcessingTimeTimers()).isZero();
  }

  @Test
  void givesUpOnlyWhatIsMissing() throws Exception {
    harness.setProcessingTime(1_000);
    skip(17, 14);
    send(25, 20);
    harness.snapshot(1, 1);

    harness.setProcessingTime(11_000);
    send(19, 17);
    assertThat(offsets()).containsExactly(19L);
    harness.snapshot(2, 2);
    harness.setProcessingTime(21_000);

    assertThat(offsets()).containsExactly(19L, 25L);
    assertThat(stateEntries()).isOne();
    assertThat(harness.numProcessingTimeTimers()).isZero();
  }

  /** Sessions are longer than any wait: one that is over must not end the next. */
  @Test
  void countsEachWaitAnew() throws Exception {
    harness.setProcessingTime(1_000);
    send(14, 10);
    send(10, NONE);
    assertThat(harness.numProcessingTimeTimers()).isZero();
    harness.snapshot(1, 1);

    harness.setProcessingTime(10_990);
    send(24, 20);
    harness.setProcessingTime(11_000);
    harness.snapshot(2, 2);
    harness.setProcessingTime(20_989);
    send(20, 14);

    assertThat(offsets()).containsExactly(10L, 14L, 20L, 24L);
  }

  /** The checkpoint proves nothing of those that came after it. */
  @Test
  void givesNobodyUpWhoCameAfterTheCheckpoint() throws Exception {
    harness.setProcessingTime(1_000);
    send(25, 20);
    harness.snapshot(1, 1);
    harness.setProcessingTime(10_990);
    send(14, 10);

    harness.setProcessingTime(11_000);
    send(10, NONE);
    assertThat(offsets()).containsExactly(10L, 14L);
    harness.snapshot(2, 2);
    harness.setProcessingTime(21_000);

    assertThat(offsets()).containsExactly(10L, 14L, 25L);
    assertThat(stateEntries()).isOne();
    assertThat(harness.numProcessingTimeTimers()).isZero();
  }

  /** The clock goes on while a process is paused; what an event waits for does not. */
  @Test
  void waitsOnWithoutTheProofOfACheckpoint() throws Exception {
    harness.setProcessingTime(1_000);
    send(14, 10);

    harness.setProcessingTime(600_000);
    assertThat(offsets()).isEmpty();
    send(10, NONE);

    assertThat(offsets()).containsExactly(10L, 14L);
    assertThat(harness.numProcessingTimeTimers()).isZero();
  }

  /** As above, but it never comes. */
  @Test
  void givesUpAtTheEndOfTheWaitThatSawACheckpoint() throws Exception {
    harness.setProcessingTime(1_000);
    send(14, 10);
    harness.setProcessingTime(600_000);
    harness.snapshot(1, 1);
    harness.setProcessingTime(609_999);
    assertThat(offsets()).isEmpty();

    harness.setProcessingTime(610_000);

    assertThat(offsets()).containsExactly(14L);
    assertThat(stateEntries()).isOne();
  }

  /** What the release before left: a timer of each wait, over or not. */
  @Test
  void staysInOrderWhenTimersOfAnotherRunFire() throws Exception {
    harness.setProcessingTime(1_000);
    send(14, 10);
    restart();
    harness.setProcessingTime(10_000);
    send(10, NONE);
    send(24, 20);

    harness.setProcessingTime(11_000);
    send(20, 14);

    assertThat(offsets()).containsExactly(10L, 14L, 20L, 24L);
  }

  @Test
  void letsPassAfterARestartWhatWaitedInVain() throws Exception {
    harness.setProcessingTime(1_000);
    send(14, 10);
    restart();
    harness.setStateTtlProcessingTime(CONFIG.recent().multipliedBy(4).toMillis()); // a long outage

    harness.setProcessingTime(11_000);
    send(15, 14);

    assertThat(offsets()).containsExactly(14L, 15L);
    assertThat(stateEntries()).isOne();
  }

  /** As above, and by then a wait of this run has begun, which ends well. */
  @Test
  void leavesNobodyBehindWhoWaitedBeforeALongOutage() throws Exception {
    harness.setProcessingTime(1_000);
    send(14, 10);
    restart();
    harness.setStateTtlProcessingTime(CONFIG.recent().multipliedBy(4).toMillis());
    harness.setProcessingTime(9_000);
    send(24, 20);
    harness.setProcessingTime(11_000); // the timer of the first wait
    send(20, NONE);
    assertThat(offsets()).containsExactly(20L, 24L);
    harness.snapshot(2, 2);

    harness.setProcessingTime(19_000);

    assertThat(offsets()).containsExactly(20L, 24L, 14L);
    assertThat(stateEntries()).isOne();
    assertThat(harness.numProcessingTimeTimers()).isZero();
  }

  /** Offsets are those of a partition, and a group may be in two. */
  @Test
  void losesNoEventThatWaitsForTheSameOffsetOfAnotherPartition() throws Exception {
    send(0, 105, 100);
    send(1, 107, 100);
    skip(109, 100);
    send(1, 110, 109);
    send(0, 100, NONE);

    assertThat(offsets()).containsExactlyInAnyOrder(100L, 105L, 107L, 110L);
    assertThat(stateEntries()).isOne();
    assertThat(harness.numProcessingTimeTimers()).isZero();
  }

  /** The release before put events in order that were validated, and maybe migrated. */
  @Test
  void readsTheVersionThatAnEventNamedFromTheStateOfTheReleaseBefore() {
    Event event = event("s-9", 14, 10).withSchemaVersion(2);
    var waiting =
        new CartEvent(event, CartData.NONE, SessionContext.NONE, new Upcast(1, new byte[] {1}));

    assertThat(OrderFunction.restored(waiting).schemaVersion()).isEqualTo(1);
  }

  @Test
  void remembersWhoWaitsThroughARestart() throws Exception {
    send(14, 10);
    restart();

    send(10, NONE);

    assertThat(offsets()).containsExactly(10L, 14L);
  }

  @Test
  void holdsNoMoreGroupsInMemoryThanItMay() throws Exception {
    int groups = 10_000;
    for (int i = 0; i < groups; i++) {
      send("s-" + i, 10, NONE);
    }
    int ofEvents = harness.numKeyedStateEntries();
    assertThat(ofEvents).as("without a checkpoint").isGreaterThan(groups / 2);

    for (int i = groups; i < 2 * groups; i++) {
      harness.processElement2(new StreamRecord<>(Skipped.of(event("s-" + i, 10, NONE))));
    }

    assertThat(harness.numKeyedStateEntries()).isGreaterThan(ofEvents + groups / 2);
  }

  /** As between two subtasks: every arrival order of events and skips; the run is the seed. */
  @RepeatedTest(50)
  void restoresTheOrderWhateverTheArrival(RepetitionInfo run) throws Exception {
    Random random = new Random(run.getCurrentRepetition());
    List<Long> all = new ArrayList<>(LongStream.range(0, 30).boxed().toList());
    List<Long> skipped = all.stream().filter(offset -> random.nextInt(4) == 0).toList();
    List<Long> arrivals = new ArrayList<>(all);
    Collections.shuffle(arrivals, random);

    for (long offset : arrivals) {
      if (skipped.contains(offset)) {
        skip(offset, offset - 1); // the one before 0 is NONE
      } else {
        send(offset, offset - 1);
      }
    }

    all.removeAll(skipped);
    assertThat(offsets()).containsExactlyElementsOf(all);
    assertThat(stateEntries()).isOne();
  }

  private void restart() throws Exception {
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    harness = harness();
    harness.initializeState(state);
    harness.open();
  }

  private static KeyedTwoInputStreamOperatorTestHarness<String, Event, Skipped, Event> harness()
      throws Exception {
    return new KeyedTwoInputStreamOperatorTestHarness<>(
        new HoldingCoOperator<>(new OrderFunction(CONFIG)),
        EventKeys::group,
        Skipped::group,
        Types.STRING);
  }

  private void send(long offset, long follows) throws Exception {
    send("s-9", offset, follows);
  }

  private void send(String session, long offset, long follows) throws Exception {
    harness.processElement1(new StreamRecord<>(event(session, offset, follows)));
  }

  private void send(int partition, long offset, long follows) throws Exception {
    harness.processElement1(new StreamRecord<>(event("s-9", partition, offset, follows)));
  }

  private void skip(long offset, long follows) throws Exception {
    harness.processElement2(new StreamRecord<>(Skipped.of(event("s-9", offset, follows))));
  }

  /** As a checkpoint has it. */
  private int stateEntries() throws Exception {
    harness.snapshot(1, 1);
    return harness.numKeyedStateEntries();
  }

  private static Event event(String session, long offset, long follows) {
    return event(session, 0, offset, follows);
  }

  private static Event event(String session, int partition, long offset, long follows) {
    String json =
        TestEvents.envelope("e-" + offset, "cart.viewed", session, TestEvents.RECEIVED, "{}");
    return new EventDecoder()
        .decode(TestEvents.bytes(json), TestEvents.RECEIVED_MICROS, partition, offset)
        .event()
        .following(follows);
  }

  private List<Long> offsets() {
    return harness.extractOutputValues().stream().map(Event::offset).toList();
  }
}
