package io.eventpipeline.launcher.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Duration LENGTH = Duration.ofMinutes(20);

  @Test
  void isAPureFunctionOfSeedLengthAndKinds() {
    for (long seed = 0; seed < 50; seed++) {
      List<FaultKind> backwards = new ArrayList<>(FaultKind.all());
      Collections.reverse(backwards);

      assertThat(Schedule.of(seed, LENGTH, FaultKind.all(), 1))
          .isEqualTo(Schedule.of(seed, LENGTH, FaultKind.all(), 1))
          .isEqualTo(Schedule.of(seed, LENGTH, backwards, 1))
          .isNotEqualTo(Schedule.of(seed + 1, LENGTH, FaultKind.all(), 1))
          .isNotEqualTo(Schedule.of(seed, LENGTH, FaultKind.parse("kill,pause"), 1));
    }
  }

  /** Written down: another schedule for the same seed would make every known seed worthless. */
  @Test
  void keepsTheSchedulesOfKnownSeeds() {
    List<Schedule.Planned> faults =
        Schedule.of(7, Duration.ofMinutes(1), FaultKind.parse("kill,cut-kafka"), 1).faults();

    assertThat(faults)
        .hasToString(
            "[Planned[kind=kill-kafka, at=PT5S, lasts=PT0S],"
                + " Planned[kind=kill-edge, at=PT12.588S, lasts=PT0S],"
                + " Planned[kind=kill-taskmanager, at=PT26.954S, lasts=PT0S],"
                + " Planned[kind=kill-jobmanager, at=PT46.628S, lasts=PT0S]]");
  }

  @Test
  void dealsEachKindOnceBeforeAnyComesTwice() {
    List<FaultKind> kinds = FaultKind.parse("kill,refuse");
    List<FaultKind> dealt = new ArrayList<>();
    for (Schedule.Planned fault : Schedule.of(3, LENGTH, kinds, 1).faults()) {
      dealt.add(fault.kind());
    }
    Map<FaultKind, Integer> counts = new HashMap<>();
    dealt.forEach(kind -> counts.merge(kind, 1, Integer::sum));

    assertThat(counts.keySet()).isEqualTo(new HashSet<>(kinds));
    assertThat(Collections.max(counts.values()) - Collections.min(counts.values()))
        .isLessThanOrEqualTo(1);
  }

  @Test
  void keepsFaultsOfOneVictimApartAndEndsInTime() {
    for (long seed = 0; seed < 200; seed++) {
      Map<String, Duration> ends = new HashMap<>();
      Duration before = Duration.ZERO;
      for (Schedule.Planned fault : Schedule.of(seed, LENGTH, FaultKind.all(), 1).faults()) {
        assertThat(fault.at()).isGreaterThanOrEqualTo(before);
        assertThat(fault.end()).isLessThanOrEqualTo(LENGTH);
        Duration end = ends.put(fault.kind().victim(), fault.end());
        if (end != null) {
          assertThat(fault.at()).isGreaterThanOrEqualTo(end.plus(Schedule.APART));
        }
        before = fault.at();
      }
    }
  }

  @Test
  void pausesFlinkForLongerThanItsHeartbeat() {
    assertThat(pauses(1, "pause-jobmanager,pause-taskmanager"))
        .isNotEmpty()
        .allSatisfy(lasts -> assertThat(lasts).isGreaterThan(Schedule.HEARTBEAT));
  }

  @Test
  void pausesABrokerOfSeveralForLongerThanItsSession() {
    assertThat(pauses(3, "pause-kafka"))
        .isNotEmpty()
        .allSatisfy(lasts -> assertThat(lasts).isGreaterThan(Schedule.BROKER_SESSION));
    assertThat(pauses(1, "pause-kafka"))
        .as("a broker alone, as ever")
        .isNotEmpty()
        .allSatisfy(
            lasts -> assertThat(lasts).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10)));
  }

  private static List<Duration> pauses(int brokers, String kinds) {
    return Schedule.of(1, LENGTH, FaultKind.parse(kinds), brokers).faults().stream()
        .map(Schedule.Planned::lasts)
        .toList();
  }
}
