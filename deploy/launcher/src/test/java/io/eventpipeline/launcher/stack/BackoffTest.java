package io.eventpipeline.launcher.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void doublesUpToItsBoundWhileAComponentKeepsDying() {
    Backoff backoff = new Backoff();
    List<Long> waits = new ArrayList<>();

    for (int i = 0; i < 9; i++) {
      backoff.started(NOON);
      waits.add(backoff.died(NOON.plusSeconds(5)).toMillis());
    }

    assertThat(waits)
        .containsExactly(250L, 500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L);
  }

  @Test
  void startsOverAfterAComponentStayedUp() {
    Backoff backoff = new Backoff();
    backoff.started(NOON);
    backoff.died(NOON);
    backoff.started(NOON);

    assertThat(backoff.died(NOON.plus(Backoff.STEADY))).isEqualTo(Backoff.FIRST);
  }

  @Test
  void doesNotStartOverJustBelowThat() {
    Backoff backoff = new Backoff();
    backoff.started(NOON);
    backoff.died(NOON);
    backoff.started(NOON);

    assertThat(backoff.died(NOON.plus(Backoff.STEADY).minusMillis(1)))
        .isEqualTo(Backoff.FIRST.multipliedBy(2));
  }

  @Test
  void goesOnWhenAStartFailsBeforeTheComponentIsUp() {
    Backoff backoff = new Backoff();
    backoff.started(NOON);
    backoff.died(NOON.plus(Backoff.STEADY));

    assertThat(backoff.died(NOON.plus(Backoff.STEADY.multipliedBy(3))))
        .isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void doesNotCountAnEndOnPurpose() {
    Backoff backoff = new Backoff();
    backoff.started(NOON);
    backoff.died(NOON);
    backoff.started(NOON);

    assertThat(backoff.replaced(NOON.plusSeconds(5))).isEqualTo(Backoff.FIRST);
    assertThat(backoff.died(NOON.plusSeconds(6))).isEqualTo(Backoff.FIRST.multipliedBy(2));
  }
}
