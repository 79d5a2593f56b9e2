package io.eventpipeline.job;

import io.eventpipeline.contract.Event;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The value of an enriched record: the raw envelope, byte for byte, with one member {@code
 * enrichment} spliced in before its closing brace.
 *
 * <pre>
 * "enrichment":{
 *   "profile":{"status","segment","country","signup_at"|null,"orders","lifetime_value"},
 *   "store":{"status","name","time_zone","currency","country"},
 *   "session":{"started_at"|null,"event_index","duration_ms","cart_items","cart_value"},
 *   "features":{"local_hour","local_weekday","is_weekend","lateness_ms","line_amount",
 *               "funnel_step","returning_customer"},
 *   "processing":{"schema_version","received_at","processed_at","partition","offset",
 *                 "job_version","route"}}
 * </pre>
 *
 * <p>Times are RFC 3339 in UTC, amounts are decimals with four places.
 */
final class EnrichedJson {
  private static final JsonFactory JSON = JsonFactory.builder().build();
  private static final int ENRICHMENT_BYTES = 1_024;
  private static final int AMOUNT_SCALE = 4;

  private EnrichedJson() {}

  static byte[] of(EnrichedEvent enriched, long processedAtMillis) {
    byte[] payload = enriched.event().payload();
    int brace = payload.length - 1;
    while (payload[brace] != '}') {
      brace--; // white space may follow
    }
    var out = new ByteArrayOutputStream(payload.length + ENRICHMENT_BYTES);
    out.write(payload, 0, brace);
    out.write(',');
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      // The generator wants a root value: its braces are cut off again
      json.writeStartObject();
      json.writeObjectPropertyStart("enrichment");
      writeProfile(json, enriched.profile());
      writeStore(json, enriched.store());
      writeSession(json, enriched.session());
      writeFeatures(json, enriched.features());
      writeProcessing(json, enriched, processedAtMillis);
      json.writeEndObject();
      json.writeEndObject();
    }
    byte[] all = out.toByteArray();
    int opened = brace + 1; // our root's opening brace, behind the comma
    System.arraycopy(all, opened + 1, all, opened, all.length - opened - 1);
    return Arrays.copyOf(all, all.length - 1);
  }

  private static void writeProfile(JsonGenerator json, UserProfile profile) {
    json.writeObjectPropertyStart("profile");
    json.writeStringProperty("status", profile.status().code());
    json.writeStringProperty("segment", profile.segment());
    json.writeStringProperty("country", profile.country());
    writeTime(json, "signup_at", profile.signupAtMicros());
    json.writeNumberProperty("orders", profile.orders());
    writeAmount(json, "lifetime_value", profile.lifetimeValueE4());
    json.writeEndObject();
  }

  private static void writeStore(JsonGenerator json, StoreConfig store) {
    json.writeObjectPropertyStart("store");
    json.writeStringProperty("status", store.status().code());
    json.writeStringProperty("name", store.name());
    json.writeStringProperty("time_zone", store.timeZone());
    json.writeStringProperty("currency", store.currency());
    json.writeStringProperty("country", store.country());
    json.writeEndObject();
  }

  private static void writeSession(JsonGenerator json, SessionContext session) {
    json.writeObjectPropertyStart("session");
    writeTime(json, "started_at", session.startedAtMicros());
    json.writeNumberProperty("event_index", session.eventIndex());
    json.writeNumberProperty("duration_ms", session.durationMillis());
    json.writeNumberProperty("cart_items", session.cartItems());
    writeAmount(json, "cart_value", session.cartValueE4());
    json.writeEndObject();
  }

  private static void writeFeatures(JsonGenerator json, Features features) {
    json.writeObjectPropertyStart("features");
    json.writeNumberProperty("local_hour", features.localHour());
    json.writeNumberProperty("local_weekday", features.localWeekday());
    json.writeBooleanProperty("is_weekend", features.weekend());
    json.writeNumberProperty("lateness_ms", features.latenessMillis());
    writeAmount(json, "line_amount", features.lineAmountE4());
    json.writeStringProperty("funnel_step", features.funnelStep());
    json.writeBooleanProperty("returning_customer", features.returningCustomer());
    json.writeEndObject();
  }

  private static void writeProcessing(
      JsonGenerator json, EnrichedEvent enriched, long processedAtMillis) {
    Event event = enriched.event();
    json.writeObjectPropertyStart("processing");
    json.writeNumberProperty("schema_version", event.schemaVersion());
    writeTime(json, "received_at", event.receivedAtMicros());
    writeTime(json, "processed_at", processedAtMillis * 1_000);
    json.writeNumberProperty("partition", event.partition());
    json.writeNumberProperty("offset", event.offset());
    json.writeStringProperty("job_version", JobVersion.CURRENT);
    json.writeStringProperty("route", enriched.route());
    json.writeEndObject();
  }

  private static void writeTime(JsonGenerator json, String name, long micros) {
    if (micros == 0) {
      json.writeNullProperty(name);
    } else {
      json.writeStringProperty(name, time(micros));
    }
  }

  private static void writeAmount(JsonGenerator json, String name, long amountE4) {
    json.writeNumberProperty(name, BigDecimal.valueOf(amountE4, AMOUNT_SCALE));
  }

  /** RFC 3339 in UTC. */
  static String time(long micros) {
    return Instant.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000)
        .toString();
  }
}
