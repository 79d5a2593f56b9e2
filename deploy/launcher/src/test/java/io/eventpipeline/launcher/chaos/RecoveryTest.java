package io.eventpipeline.launcher.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecoveryTest {
  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

  private final Recovery recovery = new Recovery(null);

  private static Instant at(int seconds) {
    return START.plusSeconds(seconds);
  }

  private static Injected fault(String name, int begin, int end) {
    return new Injected(FaultKind.parse(name).get(0), at(begin), at(end), "");
  }

  private void reached(int event, int now) {
    recovery.update(Optional.of(at(event)), at(now));
  }

  @Test
  void countsFromTheEndOfTheFaultToTheFirstRowOfANewerEvent() {
    Injected pause = fault("pause-kafka", 10, 16);
    reached(9, 10);
    recovery.await(pause);
    reached(10, 17);
    reached(16, 19);
    assertThat(recovery.recovered()).as("not newer than the end").isEmpty();

    reached(17, 20);
    reached(30, 31);

    assertThat(recovery.pending()).isEmpty();
    assertThat(recovery.recovered())
        .containsExactly(new Recovery.Recovered(pause, Duration.ofSeconds(4), at(20)));
    assertThat(recovery.longestStall()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void aFaultIsPendingUntilTheStreamHasPassedIt() {
    Injected kill = fault("kill-edge", 10, 10);
    recovery.await(kill);
    reached(10, 100);

    assertThat(recovery.pending()).containsExactly(kill);
    assertThat(recovery.longestStall()).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void tellsFaultsThatOverlappedFromThoseAlone() {
    recovery.await(fault("kill-edge", 10, 10));
    recovery.await(fault("pause-redis", 12, 20));
    recovery.await(fault("kill-kafka", 40, 40));
    reached(14, 15); // the first recovers within the pause
    reached(25, 26);
    reached(43, 44);

    assertThat(recovery.recovered()).hasSize(3);
    assertThat(recovery.recovered().stream().map(recovery::wasAlone))
        .containsExactly(false, false, true);
  }
}
