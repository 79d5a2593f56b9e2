package io.eventpipeline.launcher.load;

import static io.eventpipeline.launcher.load.TestRun.CHECKSUM;
import static io.eventpipeline.launcher.load.TestRun.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.FailureReason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hand-made runs with one thing wrong in each: the one that is found. */
class ReconciliationTest {
  private static final String VIOLATION = FailureReason.SCHEMA_VIOLATION.code();

  private final Ledger ledger = new Ledger(100);
  private final int good = TestRun.register(ledger, null);
  private final int bad = TestRun.register(ledger, FailureReason.SCHEMA_VIOLATION);
  private final int twice = TestRun.register(ledger, null);

  private Reconciliation exact() {
    send(good, 1);
    send(bad, 1);
    send(twice, 2);
    Reconciliation found = new Reconciliation(ledger);
    arrive(found, good, 1);
    arrive(found, bad, 1);
    arrive(found, twice, 2);
    process(found, Ledger.id(good));
    process(found, Ledger.id(twice));
    refuse(found, bad, VIOLATION);
    return found;
  }

  private void send(int event, int times) {
    for (int i = 0; i < times; i++) {
      ledger.attempted(event);
      ledger.acknowledged(event, Ledger.id(event));
    }
  }

  private static void arrive(Reconciliation found, int event, int times) {
    for (int i = 0; i < times; i++) {
      found.arrivals().see(Ledger.id(event), 0, TYPE, CHECKSUM);
    }
  }

  private static void process(Reconciliation found, String id) {
    found.processed().see(id, 0, TYPE);
    found.validated().see(id, 0, TYPE, CHECKSUM);
    found.enriched().see(id, 0, TYPE, CHECKSUM);
  }

  private static void refuse(Reconciliation found, int event, String reason) {
    found.refused(Ledger.id(event), 0, TYPE, CHECKSUM, reason);
    found.deadLetter(Ledger.id(event), 0, TYPE, CHECKSUM, reason);
  }

  private static void only(Verdict verdict, Violation... violations) {
    assertThat(verdict.holds()).isFalse();
    for (Violation violation : Violation.values()) {
      if (List.of(violations).contains(violation)) {
        assertThat(verdict.count(violation)).as(violation.label()).isPositive();
        assertThat(verdict.examples(violation)).isNotEmpty();
      } else {
        assertThat(verdict.count(violation)).as(violation.label()).isZero();
      }
    }
  }

  @Test
  void holdsWhenEverythingIsWhereItBelongs() {
    Verdict verdict = exact().judge();

    assertThat(verdict.holds()).isTrue();
    assertThat(verdict.acknowledged()).isEqualTo(4);
    assertThat(verdict.processed()).isEqualTo(2);
    assertThat(verdict.refused()).isEqualTo(1);
    assertThat(verdict.duplicates()).isEqualTo(1);
    assertThat(verdict.arrivals()).isEqualTo(4);
  }

  @Test
  void findsALostEvent() {
    Reconciliation found = exact();
    int lost = TestRun.register(ledger, null);
    send(lost, 1);
    Reconciliation again = copy(found);
    arrive(again, lost, 1);

    Verdict verdict = again.judge();

    only(verdict, Violation.LOST);
    assertThat(verdict.examples(Violation.LOST).get(0)).contains(Ledger.id(lost));
  }

  /** The same sightings in a reconciliation that knows the events registered since. */
  private Reconciliation copy(Reconciliation found) {
    Reconciliation copy = new Reconciliation(ledger);
    for (int event = 0; event < 3; event++) {
      arrive(copy, event, found.arrivals().count(event));
      for (int i = 0; i < found.processed().count(event); i++) {
        process(copy, Ledger.id(event));
      }
    }
    refuse(copy, bad, VIOLATION);
    return copy;
  }

  @Test
  void findsARowTwiceInOneTable() {
    Reconciliation found = exact();
    found.processed().see(Ledger.id(good), 0, TYPE);

    Verdict verdict = found.judge();

    only(verdict, Violation.DOUBLED, Violation.VALIDATED, Violation.ENRICHED);
    assertThat(verdict.count(Violation.DOUBLED)).isEqualTo(1);
  }

  @Test
  void findsAnEventInBothTables() {
    Reconciliation found = exact();
    process(found, Ledger.id(bad));

    only(found.judge(), Violation.DOUBLED, Violation.MISJUDGED);
  }

  @Test
  void findsARefusalThatWasNotExpected() {
    send(good, 1);
    Reconciliation found = new Reconciliation(ledger);
    send(bad, 1);
    send(twice, 1);
    arrive(found, good, 1);
    arrive(found, bad, 1);
    arrive(found, twice, 1);
    process(found, Ledger.id(twice));
    refuse(found, bad, VIOLATION);
    refuse(found, good, VIOLATION);

    Verdict verdict = found.judge();

    only(verdict, Violation.MISJUDGED);
    assertThat(verdict.examples(Violation.MISJUDGED).get(0))
        .contains("expected processed", VIOLATION);
  }

  @Test
  void findsAnotherReasonThanExpected() {
    send(good, 1);
    send(bad, 1);
    send(twice, 1);
    Reconciliation found = new Reconciliation(ledger);
    arrive(found, good, 1);
    arrive(found, bad, 1);
    arrive(found, twice, 1);
    process(found, Ledger.id(good));
    process(found, Ledger.id(twice));
    refuse(found, bad, FailureReason.UNKNOWN_TYPE.code());

    only(found.judge(), Violation.MISJUDGED);
  }

  @Test
  void findsAnEventThatShouldHaveBeenRefused() {
    send(good, 1);
    send(bad, 1);
    send(twice, 1);
    Reconciliation found = new Reconciliation(ledger);
    for (int event = 0; event < 3; event++) {
      arrive(found, event, 1);
      process(found, Ledger.id(event));
    }

    only(found.judge(), Violation.MISJUDGED);
  }

  @Test
  void findsWhatWasNeverSent() {
    Reconciliation found = exact();
    process(found, "e-99");

    Verdict verdict = found.judge();

    only(verdict, Violation.PHANTOM);
    assertThat(verdict.examples(Violation.PHANTOM).get(0)).contains("e-99");
  }

  @Test
  void takesAnotherStoresOrTypesRowForAPhantom() {
    send(good, 1);
    send(bad, 1);
    send(twice, 1);
    Reconciliation found = new Reconciliation(ledger);
    arrive(found, good, 1);
    arrive(found, bad, 1);
    arrive(found, twice, 1);
    refuse(found, bad, VIOLATION);
    process(found, Ledger.id(twice));
    found.processed().see(Ledger.id(good), 1, TYPE);
    found.validated().see(Ledger.id(good), 0, "cart.viewed", CHECKSUM);
    found.enriched().see(Ledger.id(good), 0, TYPE, CHECKSUM);

    assertThat(found.judge().count(Violation.PHANTOM)).isEqualTo(2);
  }

  @Test
  void findsChangedBytes() {
    Reconciliation found = exact();
    send(good, 1);
    found.arrivals().see(Ledger.id(good), 0, TYPE, CHECKSUM + 1);

    only(found.judge(), Violation.ALTERED);
  }

  @Test
  void findsAMissingArrivalAndOneTooMany() {
    Reconciliation found = exact();
    send(good, 1);
    assertThat(found.judge().count(Violation.ARRIVALS)).isEqualTo(1);

    arrive(found, good, 1);
    assertThat(found.judge().count(Violation.ARRIVALS)).isZero();

    arrive(found, good, 1);
    only(found.judge(), Violation.ARRIVALS);
  }

  @Test
  void acceptsTheArrivalOfATryWithoutAnAnswer() {
    Reconciliation found = exact();
    ledger.attempted(good);
    arrive(found, good, 1);

    Verdict verdict = found.judge();

    assertThat(verdict.holds()).isTrue();
    assertThat(verdict.arrivals()).isEqualTo(verdict.acknowledged() + 1);
  }

  @Test
  void findsAnEventThatNoTopicHas() {
    Reconciliation found = exact();
    send(good, 0);
    Reconciliation missing = new Reconciliation(ledger);
    arrive(missing, good, 1);
    arrive(missing, bad, 1);
    arrive(missing, twice, 2);
    process(missing, Ledger.id(twice));
    missing.processed().see(Ledger.id(good), 0, TYPE);
    missing.refused(Ledger.id(bad), 0, TYPE, CHECKSUM, VIOLATION);

    assertThat(found.judge().holds()).isTrue();
    only(missing.judge(), Violation.VALIDATED, Violation.ENRICHED, Violation.DEAD_LETTERS);
  }

  @Test
  void findsRowsThatOnlyFinalHides() {
    Reconciliation found = exact();
    found.hidden(2);

    Verdict verdict = found.judge();

    only(verdict, Violation.HIDDEN);
    assertThat(verdict.count(Violation.HIDDEN)).isEqualTo(2);
  }

  @Test
  void namesWhatTheEdgeNeverAcceptedAndWhatItRefused() {
    Reconciliation found = exact();
    int silent = TestRun.register(ledger, null);
    int refused = TestRun.register(ledger, null);
    ledger.attempted(silent);
    ledger.attempted(refused);
    Reconciliation again = copy(found);
    again.edgeRefusals(Map.of(refused, "invalid malformed_json"));

    Verdict verdict = again.judge();

    only(verdict, Violation.UNACKNOWLEDGED, Violation.REFUSED);
    assertThat(verdict.examples(Violation.REFUSED).get(0)).contains("malformed_json");
  }

  @Test
  void learnsIdsThatTheEdgeGave() {
    Reconciliation found = exact();
    int nameless = TestRun.registerNameless(ledger);
    ledger.attempted(nameless);
    ledger.acknowledged(nameless, "0193-given");
    Reconciliation again = copy(found);
    again.arrivals().see("0193-given", 0, TYPE, CHECKSUM);
    process(again, "0193-given");

    assertThat(again.judge().holds()).isTrue();
  }

  @Test
  void explainsAnUnknownIdByAnUnansweredSendAndNoMore() {
    Reconciliation found = exact();
    int nameless = TestRun.registerNameless(ledger);
    ledger.attempted(nameless);
    ledger.attempted(nameless);
    ledger.acknowledged(nameless, "0193-second");
    Reconciliation again = copy(found);
    for (String id : new String[] {"0193-first", "0193-second"}) {
      again.arrivals().see(id, 0, TYPE, CHECKSUM);
      process(again, id);
    }

    Verdict verdict = again.judge();
    assertThat(verdict.holds()).isTrue();
    assertThat(verdict.unanswered()).isEqualTo(1);

    process(again, "0193-third");
    only(again.judge(), Violation.PHANTOM);
  }

  @Test
  void findsAnUnansweredEventThatIsThereTwice() {
    Reconciliation found = exact();
    int nameless = TestRun.registerNameless(ledger);
    ledger.attempted(nameless);
    ledger.attempted(nameless);
    ledger.acknowledged(nameless, "0193-second");
    Reconciliation again = copy(found);
    process(again, "0193-second");
    again.arrivals().see("0193-second", 0, TYPE, CHECKSUM);
    process(again, "0193-first");
    process(again, "0193-first");

    assertThat(again.judge().count(Violation.DOUBLED)).isPositive();
  }
}
