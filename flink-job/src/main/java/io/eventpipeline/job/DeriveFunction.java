package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Computes {@link Features} from what the steps before have found. */
final class DeriveFunction extends RichMapFunction<EnrichedEvent, EnrichedEvent> {
  private static final long serialVersionUID = 1L;
  private static final int SATURDAY = 6;

  /** More than there are regions; what is beyond is looked up each time. */
  private static final int ZONES_MAX = 1_000;

  private transient Map<String, ZoneRules> zones;

  @Override
  public void open(OpenContext context) {
    zones = new HashMap<>();
  }

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

  private Features features(EnrichedEvent in) {
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

  private LocalDateTime localTime(long micros, String timeZone) {
    long seconds = Math.floorDiv(micros, 1_000_000L);
    return LocalDateTime.ofEpochSecond(seconds, 0, offset(seconds, timeZone));
  }

  private ZoneOffset offset(long seconds, String timeZone) {
    ZoneRules rules = zones.get(timeZone);
    if (rules == null) {
      rules = rules(timeZone);
      if (zones.size() < ZONES_MAX) {
        zones.put(timeZone, rules);
      }
    }
    return rules.getOffset(Instant.ofEpochSecond(seconds));
  }

  /** Takes as long as all else that is computed here. */
  private static ZoneRules rules(String timeZone) {
    try {
      return ZoneId.of(timeZone).getRules();
    } catch (DateTimeException e) {
      return ZoneOffset.UTC.getRules(); // a zone that this JDK does not know
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
