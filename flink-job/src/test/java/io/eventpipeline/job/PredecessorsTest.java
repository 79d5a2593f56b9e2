package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.Event;
import io.eventpipeline.job.decode.EventDecoder;
import java.time.Duration;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class PredecessorsTest {
  private final Predecessors predecessors = new Predecessors(2);

  @Test
  void linksTheEventsOfAGroup() {
    assertThat(follows("s-1", 0, 5)).isEqualTo(Event.FOLLOWS_NONE);
    assertThat(follows("s-2", 0, 6)).isEqualTo(Event.FOLLOWS_NONE);
    assertThat(follows("s-1", 0, 7)).isEqualTo(5);
    assertThat(follows("s-1", 0, 8)).isEqualTo(7);
  }

  @Test
  void linksUntilACheckpointHasTakenTheEventAlong() {
    follows("s-1", 0, 5);
    follows("s-2", 0, 6);
    predecessors.begin(1);
    assertThat(follows("s-1", 0, 7)).as("1 is on its way, as 5 may be").isEqualTo(5);
    predecessors.begin(2);
    predecessors.complete(1);

    assertThat(follows("s-2", 0, 8)).isEqualTo(Event.FOLLOWS_NONE);
    assertThat(follows("s-1", 0, 9)).as("7 came after the barrier of 1").isEqualTo(7);
    predecessors.complete(2);
    assertThat(follows("s-1", 0, 10)).isEqualTo(9);
  }

  /** The function tells it of the checkpoints. */
  @Test
  void isTheMemoryOfDecode() throws Exception {
    JobConfig.Order config = new JobConfig.Order(2, Duration.ofMinutes(5), Duration.ofMinutes(2));
    try (var decode =
        new OneInputStreamOperatorTestHarness<>(
            new ProcessOperator<>(new DecodeFunction(config, TestEvents.CLOCK)))) {
      decode.open();
      for (long offset = 0; offset < 4; offset++) {
        byte[] value = TestEvents.bytes(TestEvents.added("e-" + offset, "SKU-1", 1, "1"));
        decode.processElement(new StreamRecord<>(TestEvents.raw(value, offset)));
        if (offset >= 1) {
          decode.snapshot(offset, offset);
        }
        if (offset == 2) {
          decode.notifyOfCompletedCheckpoint(offset);
        }
      }

      assertThat(decode.extractOutputValues())
          .extracting(Event::follows)
          .containsExactly(Event.FOLLOWS_NONE, 0L, 1L, Event.FOLLOWS_NONE);
    }
  }

  @Test
  void doesNotLinkAcrossPartitionsNorBackwards() {
    follows("s-1", 0, 5);

    assertThat(follows("s-1", 1, 7)).isEqualTo(Event.FOLLOWS_NONE);
    assertThat(follows("s-1", 1, 6)).isEqualTo(Event.FOLLOWS_NONE);
  }

  @Test
  void forgetsTheGroupThatWasReadLongestAgo() {
    follows("s-1", 0, 1);
    follows("s-2", 0, 2);
    follows("s-1", 0, 3);
    follows("s-3", 0, 4);

    assertThat(follows("s-1", 0, 5)).isEqualTo(3);
    assertThat(follows("s-2", 0, 6)).isEqualTo(Event.FOLLOWS_NONE);
  }

  private long follows(String session, int partition, long offset) {
    String json = TestEvents.envelope("e", "cart.viewed", session, TestEvents.RECEIVED, "{}");
    Event event =
        new EventDecoder()
            .decode(TestEvents.bytes(json), TestEvents.RECEIVED_MICROS, partition, offset)
            .event();
    return predecessors.link(event).follows();
  }
}
