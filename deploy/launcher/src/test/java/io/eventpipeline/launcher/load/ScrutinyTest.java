package io.eventpipeline.launcher.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScrutinyTest {
  private static final String EVENT =
      "{\"id\":\"x\",\"data\":{\"sku\":\"S\",\"unit_price\":19.90,\"items\":[{\"q\":2,\"p\":1}]}}";

  private final Ledger ledger = new Ledger(10);
  private final int first = sent();
  private final int second = sent();
  private final int third = sent();
  private final Scrutiny scrutiny = new Scrutiny(ledger);
  private long emitted = 20;

  private int sent() {
    int event = TestRun.register(ledger, null);
    ledger.attempted(event);
    return event;
  }

  private void arrive(int event, long offset) {
    scrutiny.arrived(Ledger.id(event), 1, offset, EVENT.getBytes(UTF_8));
  }

  private void emit(int event, String key) {
    scrutiny.enriched(Ledger.id(event), key, 3, emitted++, 1_000L * event);
  }

  @Test
  void ordersByWhereAnEventArrivedFirst() {
    arrive(first, 5);
    arrive(second, 6);
    arrive(first, 7); // sent again

    emit(first, "a");
    emit(second, "a");

    assertThat(scrutiny.inversions()).isZero();
  }

  @Test
  void findsEventsOfOneKeyInAnotherOrder() {
    arrive(first, 5);
    arrive(second, 6);
    arrive(third, 7);

    emit(third, "a");
    emit(first, "a");
    emit(second, "a");

    assertThat(scrutiny.inversions()).isEqualTo(2);
    assertThat(scrutiny.examples().get(0))
        .isEqualTo(
            "a: e-0 (received 1970-01-01T00:00:00Z, raw 1@5, enriched 3@21)"
                + " came after e-2 (received 1970-01-01T00:00:02Z, raw 1@7, enriched 3@20)");
  }

  @Test
  void keysAreNotHeldAgainstEachOther() {
    arrive(first, 5);
    arrive(second, 6);

    emit(second, "a");
    emit(first, "b");

    assertThat(scrutiny.inversions()).isZero();
  }

  @Test
  void takesDataForTheSameHoweverItIsWritten() {
    arrive(first, 5);

    assertThat(
            scrutiny.isUnaltered(
                first,
                bytes("{\"items\":[{\"p\":1.0,\"q\":2}],\"unit_price\":19.9,\"sku\":\"S\"}")))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"items\":[{\"p\":1,\"q\":2}],\"unit_price\":19.91,\"sku\":\"S\"}",
        "{\"items\":[{\"p\":1,\"q\":2}],\"unit_price\":\"19.9\",\"sku\":\"S\"}",
        "{\"items\":[{\"p\":1,\"q\":2}],\"sku\":\"S\"}",
        "{\"items\":[],\"unit_price\":19.9,\"sku\":\"S\"}",
        "{\"items\":[{\"p\":1,\"q\":2}],\"unit_price\":19.9,\"sku\":\"s\"}",
        "{}",
        "no JSON"
      })
  void findsDataThatWasAltered(String data) {
    arrive(first, 5);

    assertThat(scrutiny.isUnaltered(first, bytes(data))).isFalse();
  }

  @Test
  void alteredDataIsAViolation() {
    Reconciliation found = new Reconciliation(ledger);
    found.processed().altered(second);

    Verdict verdict = found.judge();

    assertThat(verdict.holds()).isFalse();
    assertThat(verdict.count(Violation.ALTERED)).isEqualTo(1);
    assertThat(verdict.examples(Violation.ALTERED).get(0)).contains("e-1", "events_processed");
  }

  @Test
  void doesNotHoldWhenAKeyLostItsOrder() {
    Reconciliation found = new Reconciliation(new Ledger(1));
    found.inversions(3, java.util.List.of("a: e-0 came after e-2"));

    assertThat(found.judge().inversions()).isEqualTo(3);
    assertThat(found.judge().holds()).isFalse();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
