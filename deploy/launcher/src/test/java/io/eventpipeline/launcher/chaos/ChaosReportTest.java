package io.eventpipeline.launcher.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.launcher.load.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChaosReportTest {
  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
  private static final ChaosOptions OPTIONS =
      new ChaosOptions(Duration.ofSeconds(90), 7, FaultKind.parse("kill"), 500, 1);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Recovery recovery = new Recovery(null);

  private static Injected kill(int second, String failure) {
    Instant at = START.plusSeconds(second);
    return new Injected(FaultKind.parse("kill-kafka").get(0), at, at, failure);
  }

  private boolean print(Injected... faults) {
    return new ChaosReport(new PrintStream(bytes, true, UTF_8))
        .print(OPTIONS, List.of(faults), recovery, new Verdict());
  }

  private String printed() {
    return bytes.toString(UTF_8);
  }

  @Test
  void holdsWhenTheStreamRecoveredFromEveryFault() {
    Injected first = kill(10, "");
    Injected second = kill(100, "");
    recovery.await(first);
    recovery.update(Optional.of(START.plusSeconds(11)), START.plusSeconds(14));
    recovery.await(second);
    recovery.update(Optional.of(START.plusSeconds(101)), START.plusSeconds(108));

    assertThat(print(first, second)).isTrue();
    assertThat(printed())
        .containsPattern("kill-kafka +2 +n=2 +4.0 s +8.0 s +-")
        .containsPattern("all +2 +n=2 +4.0 s +8.0 s +-")
        .contains("longest stall from edge to row: 7.0 s")
        .contains("chaos seed 7, 1.5 min, 500 events/s: 0 acknowledged, 2 faults: HOLDS");
  }

  @Test
  void doesNotHoldWithoutRecovery() {
    Injected fault = kill(10, "");
    recovery.await(fault);

    assertThat(print(fault)).isFalse();
    assertThat(printed()).contains("not recovered from: kill-kafka", "DOES NOT HOLD");
  }

  @Test
  void doesNotHoldWithoutFaults() {
    assertThat(print(kill(10, "kafka was down"))).isFalse();
    assertThat(printed()).contains("1 faults were due but not possible", "DOES NOT HOLD");
  }

  @Test
  void takesTheLowerMiddleForTheMedian() {
    assertThat(
            ChaosReport.median(
                List.of(Duration.ofSeconds(9), Duration.ofSeconds(1), Duration.ofSeconds(4))))
        .isEqualTo(Duration.ofSeconds(4));
  }
}
