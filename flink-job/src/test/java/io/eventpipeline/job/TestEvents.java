package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.Topics;
import io.eventpipeline.job.decode.Decoded;
import io.eventpipeline.job.decode.EventDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Events for tests. */
public final class TestEvents {
  /** Friday, 12:00 in UTC and 13:00 in Berlin. */
  public static final Instant RECEIVED = Instant.parse("2026-11-20T12:00:00Z");

  public static final Clock CLOCK = Clock.fixed(RECEIVED, ZoneOffset.UTC);

  static final JobConfig.Dedup DEDUP = new JobConfig.Dedup(Duration.ofHours(1), 1 << 16);

  public static final long RECEIVED_MICROS = RECEIVED.toEpochMilli() * 1_000;

  private TestEvents() {}

  /** A valid {@code cart.item_added} of user u-42 in session s-9 of store-1. */
  public static String added(String id, String sku, int quantity, String price) {
    return envelope(
        id,
        "cart.item_added",
        "s-9",
        RECEIVED,
        "{\"sku\":\"%s\",\"quantity\":%d,\"unit_price\":%s,\"currency\":\"EUR\"}"
            .formatted(sku, quantity, price));
  }

  public static String envelope(String id, String type, String session, Instant time, String data) {
    return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/shop/web\",\"type\":\"%s\",\"time\":\"%s\","
            .formatted(id, type, time)
        + "\"storeid\":\"store-1\",\"userid\":\"u-42\",\"sessionid\":\"%s\",\"cartid\":\"c-7\",\"data\":%s}"
            .formatted(session, data);
  }

  public static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  public static Decoded decode(byte[] value) {
    return new EventDecoder().decode(value, RECEIVED_MICROS, 3, 17);
  }

  /** The event that these bytes are; fails when they are none. */
  public static Event event(String json) {
    Decoded decoded = decode(bytes(json));
    if (decoded.refused() != null) {
      throw new AssertionError(decoded.refused() + ": " + decoded.detail());
    }
    return decoded.event();
  }

  /** As {@link #event}, received so much later that times around {@link #RECEIVED} stay as is. */
  public static Event receivedDayAfter(String json) {
    long received = RECEIVED_MICROS + Duration.ofDays(1).toMillis() * 1_000;
    return new EventDecoder().decode(bytes(json), received, 0, 0).event();
  }

  public static RawEvent raw(String json) {
    return raw(bytes(json), 0);
  }

  public static RawEvent raw(byte[] value, long offset) {
    return new RawEvent(value, Topics.RAW, 3, offset, RECEIVED.toEpochMilli());
  }

  /** As the validation would leave it. */
  public static CartEvent cart(Event event) {
    var data = JsonMapper.shared().readTree(event.payload(), event.dataStart(), event.dataLength());
    return new CartEvent(
        event, CartData.of(data), SessionContext.NONE, Upcast.none(event.schemaVersion()));
  }

  /** As the enrichment would leave it: a known user in Berlin's store. */
  public static EnrichedEvent enriched(Event event) {
    return new EnrichedEvent(
        event,
        Upcast.none(event.schemaVersion()),
        cart(event).cart(),
        new UserProfile("vip", "DE", 1_600_000_000_000_000L, 3, 1_234_500, LookupStatus.HIT),
        new StoreConfig("Berlin", "Europe/Berlin", "EUR", "DE", LookupStatus.HIT),
        SessionContext.NONE,
        new Features(0, 0, false, 0, 0, "", false),
        "");
  }

  public static JobConfig.Enrich enrichConfig() {
    return new JobConfig.Enrich(
        Duration.ofSeconds(2),
        100,
        50,
        1_000,
        1_000,
        Duration.ofSeconds(60),
        Duration.ofSeconds(5),
        Duration.ofHours(1),
        3,
        Duration.ofSeconds(1));
  }

  /** As shipped. */
  public static JobConfig.Registry registryConfig() {
    return JobConfigTest.read("job.minimal.yaml", Map.of()).registry();
  }
}
