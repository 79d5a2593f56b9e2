package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import java.time.Instant;

/**
 * The value of an enriched record: the raw envelope, byte for byte, with one member {@code
 * enrichment} spliced in before its closing brace. An event that was upcast has its new data there,
 * and the version of that in {@code dataschema} if it named one.
 *
 * <pre>
 * "enrichment":{
 *   "profile":{"status","segment","country","signup_at"|null,"orders","lifetime_value"},
 *   "store":{"status","name","time_zone","currency","country"},
 *   "session":{"started_at"|null,"event_index","duration_ms","cart_items","cart_value"},
 *   "features":{"local_hour","local_weekday","is_weekend","lateness_ms","line_amount",
 *               "funnel_step","returning_customer"},
 *   "processing":{"schema_version","event_schema_version","received_at","processed_at",
 *                 "partition","offset","job_version","route"}}
 * </pre>
 *
 * <p>Times are RFC 3339 in UTC, amounts are decimals with four places.
 */
final class EnrichedJson {
  private static final int ENRICHMENT_BYTES = 1_024;

  private EnrichedJson() {}

  static byte[] of(EnrichedEvent enriched, long processedAtMillis) {
    byte[] payload = enriched.upcast().envelope(enriched.event());
    int brace = payload.length - 1;
    while (payload[brace] != '}') {
      brace--; // white space may follow
    }
    var json = new JsonBytes(payload.length + ENRICHMENT_BYTES);
    json.raw(payload, 0, brace);
    writeProfile(json.raw(",\"enrichment\":{\"profile\":"), enriched.profile());
    writeStore(json.raw(",\"store\":"), enriched.store());
    writeSession(json.raw(",\"session\":"), enriched.session());
    writeFeatures(json.raw(",\"features\":"), enriched.features());
    writeProcessing(json.raw(",\"processing\":"), enriched, processedAtMillis);
    return json.raw("}}").toBytes();
  }

  private static void writeProfile(JsonBytes json, UserProfile profile) {
    json.raw("{\"status\":").string(profile.status().code());
    json.raw(",\"segment\":").string(profile.segment());
    json.raw(",\"country\":").string(profile.country());
    writeTime(json.raw(",\"signup_at\":"), profile.signupAtMicros());
    json.raw(",\"orders\":").number(profile.orders());
    json.raw(",\"lifetime_value\":").decimal4(profile.lifetimeValueE4()).raw("}");
  }

  private static void writeStore(JsonBytes json, StoreConfig store) {
    json.raw("{\"status\":").string(store.status().code());
    json.raw(",\"name\":").string(store.name());
    json.raw(",\"time_zone\":").string(store.timeZone());
    json.raw(",\"currency\":").string(store.currency());
    json.raw(",\"country\":").string(store.country()).raw("}");
  }

  private static void writeSession(JsonBytes json, SessionContext session) {
    writeTime(json.raw("{\"started_at\":"), session.startedAtMicros());
    json.raw(",\"event_index\":").number(session.eventIndex());
    json.raw(",\"duration_ms\":").number(session.durationMillis());
    json.raw(",\"cart_items\":").number(session.cartItems());
    json.raw(",\"cart_value\":").decimal4(session.cartValueE4()).raw("}");
  }

  private static void writeFeatures(JsonBytes json, Features features) {
    json.raw("{\"local_hour\":").number(features.localHour());
    json.raw(",\"local_weekday\":").number(features.localWeekday());
    json.raw(",\"is_weekend\":").bool(features.weekend());
    json.raw(",\"lateness_ms\":").number(features.latenessMillis());
    json.raw(",\"line_amount\":").decimal4(features.lineAmountE4());
    json.raw(",\"funnel_step\":").string(features.funnelStep());
    json.raw(",\"returning_customer\":").bool(features.returningCustomer()).raw("}");
  }

  private static void writeProcessing(
      JsonBytes json, EnrichedEvent enriched, long processedAtMillis) {
    Event event = enriched.event();
    json.raw("{\"schema_version\":").number(event.schemaVersion());
    json.raw(",\"event_schema_version\":").number(enriched.upcast().named());
    writeTime(json.raw(",\"received_at\":"), event.receivedAtMicros());
    writeTime(json.raw(",\"processed_at\":"), processedAtMillis * 1_000);
    json.raw(",\"partition\":").number(event.partition());
    json.raw(",\"offset\":").number(event.offset());
    json.raw(",\"job_version\":").string(JobVersion.CURRENT);
    json.raw(",\"route\":").string(enriched.route()).raw("}");
  }

  private static void writeTime(JsonBytes json, long micros) {
    if (micros == 0) {
      json.raw("null");
    } else {
      json.time(micros);
    }
  }

  /** RFC 3339 in UTC. */
  static String time(long micros) {
    return Instant.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000)
        .toString();
  }
}
