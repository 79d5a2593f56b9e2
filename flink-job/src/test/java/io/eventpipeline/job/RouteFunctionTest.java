package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.DeadLetter;
import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.contract.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RouteFunctionTest {
  private static final int RECORD_BYTES_MAX = 16_384;

  private OneInputStreamOperatorTestHarness<EnrichedEvent, EnrichedEvent> harness;

  @BeforeEach
  void open() throws Exception {
    Map<String, JobConfig.Route> routes =
        new TreeMap<>(
            Map.of(
                "adds", new JobConfig.Route(List.of("cart.item_added"), List.of()),
                "store-1", new JobConfig.Route(List.of(), List.of("store-1")),
                "others", new JobConfig.Route(List.of("cart.item_added"), List.of("store-2"))));
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new ProcessOperator<>(new RouteFunction(routes, RECORD_BYTES_MAX, TestEvents.CLOCK)));
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void sendsTheSameRecordToEveryRouteWhoseRuleIsMet() throws Exception {
    send(TestEvents.event(TestEvents.added("i-1", "SKU-1", 1, "1") + " \n"));

    assertThat(records())
        .extracting(OutgoingRecord::topic)
        .containsExactly(Topics.ENRICHED, Topics.route("adds"), Topics.route("store-1"));
    assertThat(records()).extracting(OutgoingRecord::value).containsOnly(records().get(0).value());
    assertThat(records())
        .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
        .containsOnly("store-1/s-9");
    assertThat(harness.extractOutputValues())
        .extracting(EnrichedEvent::route)
        .containsExactly("adds,store-1");
    var json = JsonMapper.shared().readTree(records().get(0).value());
    assertThat(json.path("enrichment").path("processing").path("route").asString())
        .isEqualTo("adds,store-1");
    assertThat(json.path("data").path("sku").asString()).isEqualTo("SKU-1");
  }

  @Test
  void refusesWhatGrewTooLargeForKafkaEverywhere() throws Exception {
    Event large = TestEvents.event(TestEvents.added("i-1", "x".repeat(15_500), 1, "1"));
    assertThat(OutgoingRecords.validated(TestEvents.cart(large)).sizeBytes())
        .isLessThan(RECORD_BYTES_MAX);

    send(large);

    assertThat(harness.extractOutputValues()).isEmpty();
    assertThat(harness.getSideOutput(RouteFunction.RECORDS)).isNull();
    assertThat(harness.getSideOutput(DeadLetters.TAG))
        .extracting(record -> record.getValue().reason())
        .containsExactly(FailureReason.RECORD_TOO_LARGE);
  }

  @Test
  void cutsADeadLetterThatIsTooLargeAndSaysSo() {
    byte[] payload = new byte[20_000];
    DeadLetter letter =
        DeadLetters.of(
            FailureReason.MALFORMED_JSON,
            "ü".repeat(900),
            Event.undecodable(payload, 0, 1, 2),
            TestEvents.CLOCK);

    OutgoingRecord record = OutgoingRecords.deadLetter(letter, RECORD_BYTES_MAX);

    assertThat(record.sizeBytes()).isEqualTo(RECORD_BYTES_MAX);
    assertThat(record.headers()).containsEntry("dlq_payload_bytes", "20000");
    assertThat(record.key()).isNull();
    assertThat(OutgoingRecords.deadLetter(letter, 1_000_000).value()).isSameAs(payload);
  }

  private void send(Event event) throws Exception {
    harness.processElement(new StreamRecord<>(TestEvents.enriched(event)));
  }

  private List<OutgoingRecord> records() {
    return harness.getSideOutput(RouteFunction.RECORDS).stream()
        .map(StreamRecord::getValue)
        .toList();
  }
}
