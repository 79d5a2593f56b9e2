package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.apache.flink.api.common.functions.MapFunction;

/** Computes {@link Features} from what the steps before have found. */
final class DeriveFunction implements MapFunction<EnrichedEvent, EnrichedEvent> {
  private static final long serialVersionUID = 1L;
  private static final int SATURDAY = 6;

  @Override
  public EnrichedEvent map(EnrichedEvent in) {
    return new EnrichedEvent(
        in.event(),
        in.upcast(),
        in.cart(),
        in.profile(),
        in.store(),
        in.session(),
        features(in),
        in.route());
  }

  private static Features features(EnrichedEvent in) {
    Event event = in.event();
    LocalDateTime local = localTime(event.timeMicros(), in.store().timeZone());
    int weekday = local.getDayOfWeek().getValue();
    return new Features(
        local.getHour(),
        weekday,
        weekday >= SATURDAY,
        (event.receivedAtMicros() - event.timeMicros()) / 1_000,
        in.cart().lineAmountE4(),
        funnelStep(event.type()),
        in.profile().orders() > 0);
  }

  private static LocalDateTime localTime(long micros, String timeZone) {
    long seconds = Math.floorDiv(micros, 1_000_000L);
    return LocalDateTime.ofEpochSecond(seconds, 0, offset(seconds, timeZone));
  }

  private static ZoneOffset offset(long seconds, String timeZone) {
    try {
      return ZoneId.of(timeZone).getRules().getOffset(Instant.ofEpochSecond(seconds));
    } catch (DateTimeException e) {
      return ZoneOffset.UTC; // a zone that this JDK does not know
    }
  }

  private static String funnelStep(String type) {
    int dot = type.indexOf('.');
    return switch (dot < 0 ? type : type.substring(0, dot)) {
      case "product" -> "view";
      case "cart" -> "cart";
      case "checkout" -> "checkout";
      case "order" -> "order";
      default -> "other";
    };
  }
}
