package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.Event;
import io.eventpipeline.job.decode.EventDecoder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PredecessorsTest {
  private final Predecessors predecessors = new Predecessors(2, Duration.ofSeconds(1));

  @Test
  void linksTheEventsOfAGroup() {
    assertThat(follows("s-1", 0, 5, 0)).isEqualTo(Event.FOLLOWS_NONE);
    assertThat(follows("s-2", 0, 6, 0)).isEqualTo(Event.FOLLOWS_NONE);
    assertThat(follows("s-1", 0, 7, 999)).isEqualTo(5);
    assertThat(follows("s-1", 0, 8, 999)).isEqualTo(7);
  }

  @Test
  void doesNotLinkWhatIsNoLongerOnItsWay() {
    follows("s-1", 0, 5, 0);

    assertThat(follows("s-1", 0, 7, 1_000)).isEqualTo(Event.FOLLOWS_NONE);
  }

  @Test
  void doesNotLinkAcrossPartitionsNorBackwards() {
    follows("s-1", 0, 5, 0);

    assertThat(follows("s-1", 1, 7, 0)).isEqualTo(Event.FOLLOWS_NONE);
    assertThat(follows("s-1", 1, 6, 0)).isEqualTo(Event.FOLLOWS_NONE);
  }

  @Test
  void forgetsTheGroupThatWasReadLongestAgo() {
    follows("s-1", 0, 1, 0);
    follows("s-2", 0, 2, 0);
    follows("s-1", 0, 3, 0);
    follows("s-3", 0, 4, 0);

    assertThat(follows("s-1", 0, 5, 0)).isEqualTo(3);
    assertThat(follows("s-2", 0, 6, 0)).isEqualTo(Event.FOLLOWS_NONE);
  }

  private long follows(String session, int partition, long offset, long nowMillis) {
    String json = TestEvents.envelope("e", "cart.viewed", session, TestEvents.RECEIVED, "{}");
    Event event =
        new EventDecoder()
            .decode(TestEvents.bytes(json), TestEvents.RECEIVED_MICROS, partition, offset)
            .event();
    return predecessors.link(event, nowMillis).follows();
  }
}
