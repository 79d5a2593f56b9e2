package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.DeadLetter;
import io.eventpipeline.contract.Event;
import io.eventpipeline.contract.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real topology on MiniCluster: lines of JSON in, lines of JSON out.
 *
 * <p>No Redis and no Postgres are there, so all look-ups end as unavailable. After a change that is
 * meant, look at what a failing test prints and correct the files.
 */
class EventTopologyTest {
  private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .setConfiguration(METRICS.addToConfiguration(new Configuration()))
              .build());

  private static List<String> lines;
  private static JobExecutionResult result;

  /** Once, and not before all: the extension installs its cluster before each test. */
  @BeforeEach
  void run() throws Exception {
    if (result != null) {
      return;
    }
    lines = lines("raw.ndjson");
    String[] raw = lines.toArray(String[]::new);
    JobConfig config = JobConfigTest.read("job.minimal.yaml", Map.of("JOB_REDIS_PORT", "1"));
    var env = StreamExecutionEnvironment.getExecutionEnvironment(Main.settings(config));
    env.setParallelism(1); // so that the files have one order
    EventTopology.define(
        env,
        new DataGeneratorSource<>(
            index -> TestEvents.raw(TestEvents.bytes(raw[index.intValue()]), index),
            raw.length,
            TypeInformation.of(RawEvent.class)),
        new FileSchemas(),
        new Sinks(
            arrivals -> arrivals.sinkTo(new CollectSink<>("arrivals")).uid("arrivals"),
            processed -> processed.sinkTo(new CollectSink<>("processed")).uid("processed"),
            refused -> refused.sinkTo(new CollectSink<>("refused")).uid("refused"),
            kafka -> kafka.sinkTo(new CollectSink<>("kafka")).uid("kafka"),
            users -> users.sinkTo(new CollectSink<>("users")).uid("users")),
        config,
        TestEvents.CLOCK);
    result = env.execute();
  }

  @Test
  void showsEveryRecordThatArrived() {
    assertThat(CollectSink.<Event>collected("arrivals"))
        .extracting(event -> text(event.payload()))
        .containsExactlyElementsOf(lines);
  }

  @Test
  void enrichesWhatIsValid() throws IOException {
    assertThat(values(Topics.ENRICHED))
        .containsExactlyInAnyOrderElementsOf(expected("enriched.ndjson"));
    assertThat(CollectSink.<EnrichedEvent>collected("processed"))
        .extracting(enriched -> enriched.event().id())
        .containsExactlyElementsOf(
            values(Topics.ENRICHED).stream().map(json -> json.path("id").asString()).toList());
  }

  @Test
  void refusesWhatIsNotAndSaysWhy() throws IOException {
    List<JsonNode> refused =
        CollectSink.<DeadLetter>collected("refused").stream()
            .sorted(Comparator.comparing(letter -> letter.event().offset()))
            .map(EventTopologyTest::json)
            .toList();

    assertThat(refused).containsExactlyElementsOf(expected("refused.ndjson"));
    assertThat(records(Topics.DEAD_LETTERS))
        .extracting(record -> Long.valueOf(record.headers().get("dlq_offset")))
        .containsExactlyInAnyOrderElementsOf(
            refused.stream().map(json -> json.path("offset").asLong()).toList());
  }

  @Test
  void routesByRule() {
    assertThat(values(Topics.route("orders")))
        .extracting(json -> json.path("type").asString())
        .containsOnly("order.completed")
        .hasSize(1);
    assertThat(values(Topics.route("carts-abandoned"))).hasSize(1);
  }

  @Test
  void passesValidatedBytesOnUntouched() {
    assertThat(records(Topics.VALIDATED))
        .extracting(record -> text(record.value()))
        .isSubsetOf(lines);
    assertThat(records(Topics.VALIDATED))
        .allSatisfy(record -> assertThat(record.headers()).containsEntry("schema_version", "1"));
    assertThat(values(Topics.VALIDATED)).hasSameSizeAs(values(Topics.ENRICHED));
  }

  @Test
  void tellsPostgresOfPurchasesAndThatTheUserWasSeen() {
    List<UserActivity> activity = CollectSink.collected("users");

    assertThat(activity)
        .filteredOn(UserActivity::purchase)
        .extracting(UserActivity::totalE4)
        .containsExactly(597_000L);
    assertThat(activity).filteredOn(row -> !row.purchase()).hasSize(1);
  }

  @Test
  void countsSoThatNothingVanishes() {
    long arrived = lines.size();
    assertThat(count("decode", "consumed")).isEqualTo(arrived);
    assertThat(count("decode", "emitted") + count("decode", "dead_letters")).isEqualTo(arrived);
    assertThat(count("dedup", "consumed")).isEqualTo(count("decode", "emitted"));
    assertThat(
            count("dedup", "emitted")
                + count("dedup", "duplicates")
                + count("dedup", "dead_letters"))
        .isEqualTo(count("dedup", "consumed"));
    assertThat(count("validate", "consumed")).isEqualTo(count("dedup", "emitted"));
    assertThat(count("validate", "emitted") + count("validate", "dead_letters"))
        .isEqualTo(count("validate", "consumed"));
    assertThat(count("validate", "held")).isZero();
    assertThat(count("route", "consumed")).isEqualTo(count("validate", "emitted"));
    assertThat(count("route", "emitted") + count("route", "dead_letters"))
        .isEqualTo(count("route", "consumed"));

    assertThat(count("route", "emitted")).isEqualTo(CollectSink.collected("processed").size());
    long refused = CollectSink.collected("refused").size();
    assertThat(count("dedup", "duplicates")).isEqualTo(2);
    assertThat(CollectSink.collected("processed").size() + refused + 2).isEqualTo(arrived);
  }

  private static long count(String operator, String counter) {
    String identifier = operator + ".0.pipeline." + counter;
    return METRICS.getMetricsByGroup().entrySet().stream()
        .filter(group -> group.getKey().getMetricIdentifier(counter).endsWith(identifier))
        .map(group -> group.getValue().get(counter))
        .mapToLong(
            metric ->
                metric instanceof Gauge<?> gauge
                    ? ((Number) gauge.getValue()).longValue()
                    : ((Counter) metric).getCount())
        .sum();
  }

  private static List<OutgoingRecord> records(String topic) {
    return CollectSink.<OutgoingRecord>collected("kafka").stream()
        .filter(record -> record.topic().equals(topic))
        .toList();
  }

  private static List<JsonNode> values(String topic) {
    return records(topic).stream()
        .map(record -> JsonMapper.shared().readTree(record.value()))
        .toList();
  }

  private static JsonNode json(DeadLetter letter) {
    String json =
        JsonMapper.shared()
            .createObjectNode()
            .put("offset", letter.event().offset())
            .put("reason", letter.reason().code())
            .put("detail", letter.detail())
            .put("id", letter.event().id())
            .toString();
    return JsonMapper.shared().readTree(json); // numbers as a reader sees them
  }

  private static List<JsonNode> expected(String file) throws IOException {
    return lines(file).stream()
        .map(line -> line.replace("JOB_VERSION", JobVersion.CURRENT))
        .map(JsonMapper.shared()::readTree)
        .toList();
  }

  private static List<String> lines(String file) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("src/test/resources/topology", file))) {
      return lines.toList();
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
