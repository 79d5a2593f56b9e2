package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.apache.flink.api.common.functions.DefaultOpenContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeriveFunctionTest {
  private final DeriveFunction derive = new DeriveFunction();

  @BeforeEach
  void open() {
    derive.open(DefaultOpenContext.INSTANCE);
  }

  @Test
  void computesWhatFollows() {
    var event = TestEvents.event(TestEvents.added("i-1", "SKU-1", 3, "19.90"));

    assertThat(derive.map(TestEvents.enriched(event)).features())
        .isEqualTo(new Features(13, 5, false, 0, 597_000, "cart", true));
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin, 2026-11-20T23:30:00Z, 0, 6, true",
    "Pacific/Auckland, 2026-11-20T10:30:00Z, 23, 5, false",
    "America/New_York, 2026-07-05T03:59:59Z, 23, 6, true",
    "Asia/Kolkata, 2026-11-20T18:30:00Z, 0, 6, true",
    "No/Such_Zone, 2026-11-20T18:30:00Z, 18, 5, false"
  })
  void tellsTheTimeInTheStore(String zone, Instant time, int hour, int weekday, boolean weekend) {
    var event =
        TestEvents.receivedDayAfter(
            TestEvents.envelope("i", "product.viewed", "s", time, "{\"sku\":\"A\"}"));
    var in = TestEvents.enriched(event);
    var there = new StoreConfig("", zone, "", "", LookupStatus.HIT);

    Features features =
        derive
            .map(
                new EnrichedEvent(
                    event,
                    in.upcast(),
                    in.cart(),
                    in.profile(),
                    there,
                    in.session(),
                    in.features(),
                    ""))
            .features();

    assertThat(features.localWeekday()).isEqualTo(weekday);
    assertThat(features.localHour()).isEqualTo(hour);
    assertThat(features.weekend()).isEqualTo(weekend);
  }

  @ParameterizedTest
  @CsvSource({
    "product.viewed, view",
    "cart.viewed, cart",
    "checkout.started, checkout",
    "order.completed, order",
    "something, other",
    "wishlist.added, other"
  })
  void placesTheTypeInTheFunnel(String type, String step) {
    var event = TestEvents.event(TestEvents.envelope("i", type, "s", TestEvents.RECEIVED, "{}"));

    assertThat(derive.map(TestEvents.enriched(event)).features().funnelStep()).isEqualTo(step);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 19.99, 399800",
    "1, 0.0001, 1",
    "1, 0.00004, 0",
    "100000, 100000000, 100000000000000000",
    "1000000, 1e400, 999999999999999999",
    "1, -5, 0",
    "-1, 5, 0"
  })
  void multipliesWithoutOverflow(String quantity, String price, long amountE4) {
    var event =
        TestEvents.event(
            TestEvents.envelope(
                "i",
                "cart.item_added",
                "s",
                TestEvents.RECEIVED,
                "{\"quantity\":%s,\"unit_price\":%s}".formatted(quantity, price)));

    assertThat(derive.map(TestEvents.enriched(event)).features().lineAmountE4())
        .isEqualTo(amountE4);
  }
}
