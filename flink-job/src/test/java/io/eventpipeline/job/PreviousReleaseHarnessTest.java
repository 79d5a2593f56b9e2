package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.Event;
import io.eventpipeline.job.decode.EventDecoder;
import io.eventpipeline.job.restart.KeptSavepoint;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What today's operators know after a restore of the state that the previous release left, at the
 * time when it was taken: later, most of it has expired. That the whole job restores it is shown by
 * {@code UpgradeIT}.
 */
class PreviousReleaseHarnessTest {
  private static final int MAX_PARALLELISM = 128;

  /** Offset of the last event of the session; all are in one partition. */
  private static final long LAST = KeptSavepoint.events().size() - 1L;

  private static KeptSavepoint kept;

  @BeforeAll
  static void read() throws IOException {
    kept = KeptSavepoint.read();
  }

  @Test
  void stillKnowsWhichEventsItHasSeen() throws Exception {
    try (var dedup =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new DedupFunction(TestEvents.DEDUP, TestEvents.CLOCK)),
            EventKeys::identity,
            Types.STRING,
            MAX_PARALLELISM,
            1,
            0)) {
      dedup.initializeState(stateOf("dedup"));
      dedup.open();
      dedup.setStateTtlProcessingTime(kept.takenAt().toEpochMilli());

      for (String json : KeptSavepoint.events()) {
        dedup.processElement(new StreamRecord<>(TestEvents.event(json)));
      }
      dedup.processElement(new StreamRecord<>(TestEvents.event(KeptSavepoint.next("kept-6"))));

      assertThat(dedup.extractOutputValues()).extracting(Event::id).containsExactly("kept-6");
    }
  }

  @Test
  void countsOnInASessionAndKnowsItsCart() throws Exception {
    try (var sessions =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new HoldingOperator<>(new SessionFunction(Duration.ofMinutes(30))),
            (CartEvent in) -> EventKeys.group(in),
            Types.STRING,
            MAX_PARALLELISM,
            1,
            0)) {
      sessions.initializeState(stateOf("session"));
      sessions.open();
      sessions.setStateTtlProcessingTime(kept.takenAt().toEpochMilli());

      sessions.processElement(new StreamRecord<>(TestEvents.cart(next(LAST + 1))));

      SessionContext session = sessions.extractOutputValues().get(0).session();
      assertThat(session.eventIndex()).isEqualTo(4);
      assertThat(session.cartItems()).isEqualTo(2 + 1 + 1);
      assertThat(session.cartValueE4()).isEqualTo(400_000);
    }
  }

  @Test
  void doesNotWaitForAnEventThatHadPassed() throws Exception {
    try (var order =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new HoldingCoOperator<>(
                new OrderFunction(
                    new JobConfig.Order(100, Duration.ofMinutes(5), Duration.ofMinutes(2)))),
            (Event event) -> EventKeys.group(event),
            Skipped::group,
            Types.STRING,
            MAX_PARALLELISM,
            1,
            0)) {
      order.initializeState(stateOf("order"));
      order.open();
      order.setStateTtlProcessingTime(kept.takenAt().toEpochMilli());

      order.processElement1(new StreamRecord<>(next(LAST + 3).following(LAST + 2)));
      order.processElement1(new StreamRecord<>(next(LAST + 1).following(LAST)));

      assertThat(order.extractOutputValues()).extracting(Event::offset).containsExactly(LAST + 1);
    }
  }

  /** The subtask's state of the operator with that uid. */
  private static OperatorSubtaskState stateOf(String uid) throws IOException {
    List<OperatorState> found =
        kept.parse().getOperatorStates().stream()
            .filter(state -> state.getOperatorUid().filter(uid::equals).isPresent())
            .toList();
    assertThat(found).as("state of %s", uid).hasSize(1);
    return found.get(0).getState(0);
  }

  private static Event next(long offset) {
    return new EventDecoder()
        .decode(
            TestEvents.bytes(KeptSavepoint.next("kept-6")), TestEvents.RECEIVED_MICROS, 0, offset)
        .event();
  }
}
