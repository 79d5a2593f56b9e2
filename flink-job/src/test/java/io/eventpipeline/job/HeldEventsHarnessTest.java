package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.DeadLetter;
import io.eventpipeline.contract.FailureReason;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events whose schema nobody can tell: held for 30 s, tried every second, four at most. */
class HeldEventsHarnessTest {
  private static final int HELD_MAX = 4;

  private final SwitchedSchemas schemas = new SwitchedSchemas(UUID.randomUUID().toString());
  private ValidateHarness harness;

  @BeforeEach
  void open() throws Exception {
    harness = harness();
    harness.open();
    harness.setProcessingTime(1_000);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void passesOnceTheSchemaIsFound() throws Exception {
    send("s-1", "late", 2);
    harness.setProcessingTime(5_000);
    assertThat(passed()).isEmpty();

    schemas.knows(2);
    harness.setProcessingTime(6_000);
    harness.setProcessingTime(120_000);

    assertThat(passed()).containsExactly("late");
    assertThat(harness.extractOutputValues().get(0).event().schemaVersion()).isEqualTo(2);
    assertThat(harness.refusals()).isEmpty();
    assertThat(stateEntries()).isZero();
    assertThat(harness.numProcessingTimeTimers()).isZero();
  }

  @Test
  void refusesWhatTheRegistryDeniesOnceItAnswers() throws Exception {
    send("s-1", "wrong", 2);
    schemas.denies(2);
    harness.setProcessingTime(2_000);

    assertThat(refused()).containsExactly(Map.entry("wrong", FailureReason.UNKNOWN_VERSION));
    assertThat(stateEntries()).isZero();
  }

  @Test
  void refusesWhatWasHeldForLongEnough() throws Exception {
    send("s-1", "late", 2);
    tickUntil(30_000);
    assertThat(harness.refusals()).isEmpty();

    tickUntil(31_000);

    assertThat(refused()).containsExactly(Map.entry("late", FailureReason.SCHEMA_UNAVAILABLE));
    assertThat(harness.refusals().get(0).detail()).isEqualTo("the registry does not answer");
    assertThat(stateEntries()).isZero();
    assertThat(harness.numProcessingTimeTimers()).isZero();
  }

  /** A process that was paused, or down, has not tried for as long as the clock says. */
  @Test
  void refusesNothingBeforeTheRegistryWasAskedAgain() throws Exception {
    send("s-1", "late", 2);
    restart();
    schemas.ponders(2);
    harness.setProcessingTime(600_000);
    assertThat(harness.refusals()).isEmpty();

    schemas.knows(2);
    harness.setProcessingTime(601_000);

    assertThat(passed()).containsExactly("late");
  }

  @Test
  void keepsTheOrderOfAGroupAndHoldsNoOther() throws Exception {
    send("s-1", "late", 2);
    send("s-1", "behind-1", 1);
    send("s-2", "other", 1);
    send("s-1", "behind-2", 3);
    send("s-1", "behind-3", 1);
    harness.setProcessingTime(5_000);
    assertThat(passed()).containsExactly("other");

    schemas.knows(2);
    harness.setProcessingTime(6_000);
    assertThat(passed()).containsExactly("other", "late", "behind-1");
    schemas.denies(3);
    harness.setProcessingTime(7_000);
    send("s-1", "after", 1);

    assertThat(passed()).containsExactly("other", "late", "behind-1", "behind-3", "after");
    assertThat(refused()).containsExactly(Map.entry("behind-2", FailureReason.UNKNOWN_VERSION));
  }

  /** Each from when it came: nobody waits for the time of all before it. */
  @Test
  void letsWhoWaitsBehindGoWithIt() throws Exception {
    send("s-1", "late-1", 2);
    harness.setProcessingTime(20_000);
    send("s-1", "late-2", 3);
    send("s-1", "known", 1);
    harness.setProcessingTime(31_000);
    assertThat(refused()).containsOnlyKeys("late-1");
    assertThat(passed()).isEmpty();

    harness.setProcessingTime(50_000);

    assertThat(refused()).containsOnlyKeys("late-1", "late-2");
    assertThat(passed()).containsExactly("known");
  }

  @Test
  void holdsOnAfterARestart() throws Exception {
    send("s-1", "late-1", 2);
    send("s-2", "late-2", 3);
    send("s-1", "behind-1", 1);
    restart();
    harness.setProcessingTime(3_000);
    send("s-1", "behind-2", 1);
    send("s-3", "other", 1);
    assertThat(passed()).containsExactly("other");
    send("s-4", "too-many", 2);
    assertThat(refused()).containsOnlyKeys("too-many");

    schemas.knows(2);
    harness.setProcessingTime(4_000);
    assertThat(passed()).containsExactly("other", "late-1", "behind-1", "behind-2");
    harness.setProcessingTime(31_000);

    assertThat(refused()).containsOnlyKeys("too-many", "late-2");
    assertThat(stateEntries()).isZero();
  }

  @Test
  void refusesWhatComesOnTopAtOnce() throws Exception {
    for (int i = 0; i < HELD_MAX; i++) {
      send("s-" + i, "late-" + i, 2);
    }
    send("s-9", "on-top", 2);
    send("s-1", "behind", 2);

    assertThat(refused())
        .isEqualTo(
            Map.of(
                "on-top",
                FailureReason.SCHEMA_UNAVAILABLE,
                "behind",
                FailureReason.SCHEMA_UNAVAILABLE));
    schemas.knows(2);
    harness.setProcessingTime(2_000);
    assertThat(passed()).containsExactly("late-0", "late-1", "late-2", "late-3");
  }

  @Test
  void refusesNoKnownTypeForAnOutage() throws Exception {
    send("s-1", "late-1", 2);
    send("s-1", "behind", 1);
    send("s-2", "late-2", 2);
    send("s-2", "late-3", 2);

    send("s-1", "known", 1);

    assertThat(passed()).containsExactly("behind", "known");
    assertThat(refused()).containsOnlyKeys("late-1");
  }

  @Test
  void waitsForTheRegistryOnceInAnOutage() throws Exception {
    send("s-1", "late-1", 2);
    send("s-2", "late-2", 3);
    send("s-3", "late-3", 4);
    tickUntil(20_000);

    assertThat(schemas.waited()).isOne();
    assertThat(schemas.asked()).isGreaterThan(3 * 18);
  }

  @Test
  void losesNothingWhenTheInputEnds() throws Exception {
    send("s-1", "late-1", 2);
    send("s-1", "behind", 1);
    send("s-2", "late-2", 3);
    schemas.knows(3);

    harness.getOperator().finish();

    assertThat(passed()).containsExactly("behind", "late-2");
    assertThat(refused()).containsOnlyKeys("late-1");
  }

  private void restart() throws Exception {
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    harness = harness();
    harness.setProcessingTime(2_000);
    harness.initializeState(state);
    harness.open();
  }

  private ValidateHarness harness() throws Exception {
    JobConfig.Registry config =
        JobConfigTest.read(
                "job.minimal.yaml", Map.of("JOB_REGISTRY_HELD_MAX", Integer.toString(HELD_MAX)))
            .registry();
    var made = new ValidateHarness(schemas, config);
    made.setStateBackend(new EmbeddedRocksDBStateBackend());
    return made;
  }

  private void send(String session, String id, int version) throws Exception {
    String json =
        TestEvents.envelope(id, "cart.viewed", session, TestEvents.RECEIVED, "{}")
            .replace(
                "\"storeid\"", "\"dataschema\":\"schema:cart.viewed/" + version + "\",\"storeid\"");
    harness.send(json);
  }

  private void tickUntil(long millis) throws Exception {
    for (long now = harness.getProcessingTime() + 1_000; now <= millis; now += 1_000) {
      harness.setProcessingTime(now);
    }
  }

  /** Groups that have something in the state. */
  private long stateEntries() {
    var operator = (ValidateOperator) harness.getOperator();
    try (Stream<String> keys =
        operator
            .<String>getKeyedStateBackend()
            .getKeys(ValidateOperator.HELD, VoidNamespace.INSTANCE)) {
      return keys.count();
    }
  }

  private List<String> passed() {
    return harness.extractOutputValues().stream().map(in -> in.event().id()).toList();
  }

  private Map<String, FailureReason> refused() {
    return harness.refusals().stream()
        .collect(Collectors.toMap(letter -> letter.event().id(), DeadLetter::reason));
  }
}
