package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.DeadLetter;
import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.FailureReason;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events that name an older version, from validation to the records that leave the job. */
class UpcastHarnessTest {
  private ValidateHarness harness;

  @BeforeEach
  void open() throws Exception {
    harness = ValidateHarness.open(new EvolvedSchemas());
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void writesOldDataInTheNewShapeAndRecordsBothVersions() throws Exception {
    Event event = send(1, "{\"sku\":\"A\",\"cents\":1990}");

    CartEvent valid = harness.extractOutputValues().get(0);
    assertThat(valid.event().schemaVersion()).isEqualTo(2);
    assertThat(valid.upcast().named()).isEqualTo(1);
    assertThat(valid.cart().unitPriceE4()).as("features see the new shape").isEqualTo(199_000);
    JsonNode enriched = enriched(valid);
    assertThat(enriched.path("data"))
        .isEqualTo(JsonMapper.shared().readTree("{\"sku\":\"A\",\"unit_price\":19.9}"));
    assertThat(enriched.path("dataschema").asString()).isEqualTo("schema:cart.item_added/2");
    assertThat(enriched.path("enrichment").path("processing").path("schema_version").asInt())
        .isEqualTo(2);
    assertThat(enriched.path("enrichment").path("processing").path("event_schema_version").asInt())
        .isEqualTo(1);
    OutgoingRecord validated = OutgoingRecords.validated(valid);
    assertThat(validated.value()).isEqualTo(event.payload());
    assertThat(validated.headers()).containsEntry("schema_version", "1");
  }

  @Test
  void validatesAgainstTheVersionNamedFirst() throws Exception {
    send(1, "{\"sku\":\"A\",\"unit_price\":19.90}");

    assertThat(refusal().reason()).isEqualTo(FailureReason.SCHEMA_VIOLATION);
    assertThat(refusal().detail()).contains("/cents");
    assertThat(refusal().event().schemaVersion()).isEqualTo(1);
  }

  @Test
  void putsWhatAMigrationFailsOnIntoTheDeadLettersWithTheReason() throws Exception {
    Event event = send(1, "{\"sku\":\"A\",\"cents\":13}");

    assertThat(refusal().reason()).isEqualTo(FailureReason.MIGRATION_FAILED);
    assertThat(refusal().detail()).contains("from version 1 to 2").contains("unlucky");
    assertThat(refusal().event().schemaVersion()).isEqualTo(1);
    assertThat(refusal().event().payload()).isEqualTo(event.payload());
    assertThat(harness.extractOutputValues()).isEmpty();
  }

  @Test
  void putsWhatBecomesInvalidIntoTheDeadLettersWithItsPlace() throws Exception {
    send(1, "{\"sku\":\"A\",\"cents\":1}");

    assertThat(refusal().reason()).isEqualTo(FailureReason.MIGRATION_FAILED);
    assertThat(refusal().detail()).contains("cart.item_added/2").contains("/unit_price");
  }

  @Test
  void passesTheNewestVersionByWithoutACopy() throws Exception {
    send(2, "{\"sku\":\"A\",\"unit_price\":19.90}");

    CartEvent valid = harness.extractOutputValues().get(0);
    assertThat(valid.upcast().changed()).isFalse();
    assertThat(valid.upcast().named()).isEqualTo(2);
    assertThat(valid.upcast().envelope(valid.event())).isSameAs(valid.event().payload());
  }

  private Event send(int version, String data) throws Exception {
    String json =
        TestEvents.envelope("i", "cart.item_added", "s", TestEvents.RECEIVED, data)
            .replace(
                "\"storeid\"",
                "\"dataschema\":\"schema:cart.item_added/%d\",\"storeid\"".formatted(version));
    return harness.send(json);
  }

  private DeadLetter refusal() {
    assertThat(harness.refusals()).hasSize(1);
    return harness.refusals().get(0);
  }

  private static JsonNode enriched(CartEvent valid) {
    EnrichedEvent known = TestEvents.enriched(valid.event());
    byte[] value =
        EnrichedJson.of(
            new EnrichedEvent(
                valid.event(),
                valid.upcast(),
                valid.cart(),
                known.profile(),
                known.store(),
                known.session(),
                known.features(),
                ""),
            TestEvents.RECEIVED.toEpochMilli());
    return JsonMapper.shared().readTree(new String(value, StandardCharsets.UTF_8));
  }
}
