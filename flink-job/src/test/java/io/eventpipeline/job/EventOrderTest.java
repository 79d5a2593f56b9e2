package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events of one key leave the real topology in the order in which they were read. */
class EventOrderTest {
  private static final int PARALLELISM = 4;
  private static final int SESSIONS_EACH = 5;
  private static final int EVENTS_EACH = 1_000;
  private static final int DUPLICATE_EVERY = 20;
  private static final int INVALID_EVERY = 33;

  private static final int SLOW_EVENTS = 240;
  private static final int EVENTS_PER_CHECKPOINT = 20;

  private static final long HELD = 20;
  private static final long KNOWN_FROM = 160;

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(PARALLELISM)
              .build());

  @Test
  void keepsTheOrderOfAKeyThroughEverySubtask() throws Exception {
    // The order must not depend on how quickly events come through
    JobConfig config =
        JobConfigTest.read(
            "job.minimal.yaml", Map.of("JOB_REDIS_PORT", "1", "JOB_ORDER_WAIT_MAX", "PT0.001S"));
    var env = StreamExecutionEnvironment.getExecutionEnvironment(Main.settings(config));
    env.setParallelism(PARALLELISM);
    define(
        env,
        new DataGeneratorSource<>(
            EventOrderTest::raw, EVENTS_EACH * PARALLELISM, TypeInformation.of(RawEvent.class)),
        new FileSchemas(),
        config);
    env.execute();

    for (String topic : List.of(Topics.VALIDATED, Topics.ENRICHED)) {
      Map<String, List<Integer>> numbers = numbers(topic);
      assertThat(numbers).hasSize(PARALLELISM * SESSIONS_EACH);
      assertThat(numbers.values()).allSatisfy(inKey -> assertThat(inKey).isSorted());
    }
  }

  /** Checkpoints pass an event by that is held: what is read after them must not. */
  @Test
  void keepsTheOrderBehindAnEventThatIsHeld() throws Exception {
    JobConfig config =
        JobConfigTest.read(
            "job.minimal.yaml",
            Map.of(
                "JOB_REDIS_PORT", "1",
                "JOB_CHECKPOINT_INTERVAL", "PT0.1S",
                "JOB_CHECKPOINT_MIN_PAUSE", "PT0.01S",
                "JOB_REGISTRY_RETRY_EVERY", "PT0.1S"));
    var env = StreamExecutionEnvironment.getExecutionEnvironment(Main.settings(config));
    env.setParallelism(1);
    SwitchedSchemas schemas = new SwitchedSchemas("order");
    define(
        env,
        new DataGeneratorSource<>(
            index -> {
              if (index == KNOWN_FROM) {
                schemas.knows(2);
              }
              return slow(index);
            },
            SLOW_EVENTS,
            RateLimiterStrategy.perCheckpoint(EVENTS_PER_CHECKPOINT),
            TypeInformation.of(RawEvent.class)),
        schemas,
        config);
    env.execute();

    assertThat(schemas.asked()).as("tried again").isPositive();
    for (String topic : List.of(Topics.VALIDATED, Topics.ENRICHED)) {
      Map<String, List<Integer>> numbers = numbers(topic);
      assertThat(numbers).hasSize(2);
      assertThat(numbers.values())
          .allSatisfy(inKey -> assertThat(inKey).isSorted().hasSize(SLOW_EVENTS / 2));
    }
  }

  private static void define(
      StreamExecutionEnvironment env,
      DataGeneratorSource<RawEvent> source,
      SchemaSource schemas,
      JobConfig config) {
    EventTopology.define(
        env,
        source,
        schemas,
        new Sinks(
            arrivals -> arrivals.sinkTo(new CollectSink<>("order-arrivals")).uid("arrivals"),
            processed -> processed.sinkTo(new CollectSink<>("order-processed")).uid("processed"),
            refused -> refused.sinkTo(new CollectSink<>("order-refused")).uid("refused"),
            kafka -> kafka.sinkTo(new CollectSink<>("order-kafka")).uid("kafka"),
            users -> users.sinkTo(new CollectSink<>("order-users")).uid("users")),
        config,
        TestEvents.CLOCK);
  }

  private static Map<String, List<Integer>> numbers(String topic) {
    return CollectSink.<OutgoingRecord>collected("order-kafka").stream()
        .filter(record -> record.topic().equals(topic))
        .collect(
            Collectors.groupingBy(
                record -> new String(record.key(), StandardCharsets.UTF_8),
                Collectors.mapping(EventOrderTest::number, Collectors.toList())));
  }

  /** Two sessions; one event names a version that is not known before {@link #KNOWN_FROM}. */
  private static RawEvent slow(long index) {
    String data = "{\"unit_price\":" + index + "}";
    String json =
        TestEvents.envelope(
                "e-" + index, "cart.viewed", "s-" + index % 2, TestEvents.RECEIVED, data)
            .replace(
                "\"storeid\"",
                "\"dataschema\":\"schema:cart.viewed/"
                    + (index == HELD ? 2 : 1)
                    + "\",\"storeid\"");
    return TestEvents.raw(TestEvents.bytes(json), index);
  }

  /** Each subtask reads one range of numbers, which is a partition with sessions of its own. */
  private static RawEvent raw(long index) {
    int partition = (int) index / EVENTS_EACH;
    long number = index % DUPLICATE_EVERY == 0 ? Math.max(0, index - 10) : index;
    String session = "s-" + partition + "-" + number % SESSIONS_EACH;
    String data =
        number % INVALID_EVERY == 0
            ? "{}"
            : "{\"sku\":\"S\",\"quantity\":1,\"unit_price\":" + number + ",\"currency\":\"EUR\"}";
    String json =
        TestEvents.envelope("e-" + number, "cart.item_added", session, TestEvents.RECEIVED, data);
    return new RawEvent(
        TestEvents.bytes(json), Topics.RAW, partition, index, TestEvents.RECEIVED.toEpochMilli());
  }

  private static int number(OutgoingRecord record) {
    JsonNode event = JsonMapper.shared().readTree(record.value());
    return event.path("data").path("unit_price").asInt();
  }
}
