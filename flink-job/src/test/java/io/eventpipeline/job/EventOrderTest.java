package io.eventpipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeinfo.TypeInformation;
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
  private static final int EVENTS_EACH = 2_000;
  private static final int DUPLICATE_EVERY = 20;
  private static final int INVALID_EVERY = 33;

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
    EventTopology.define(
        env,
        new DataGeneratorSource<>(
            EventOrderTest::raw, EVENTS_EACH * PARALLELISM, TypeInformation.of(RawEvent.class)),
        new FileSchemas(),
        new Sinks(
            arrivals -> arrivals.sinkTo(new CollectSink<>("order-arrivals")).uid("arrivals"),
            processed -> processed.sinkTo(new CollectSink<>("order-processed")).uid("processed"),
            refused -> refused.sinkTo(new CollectSink<>("order-refused")).uid("refused"),
            kafka -> kafka.sinkTo(new CollectSink<>("order-kafka")).uid("kafka"),
            users -> users.sinkTo(new CollectSink<>("order-users")).uid("users")),
        config,
        TestEvents.CLOCK);
    env.execute();

    for (String topic : List.of(Topics.VALIDATED, Topics.ENRICHED)) {
      Map<String, List<Integer>> numbers =
          CollectSink.<OutgoingRecord>collected("order-kafka").stream()
              .filter(record -> record.topic().equals(topic))
              .collect(
                  Collectors.groupingBy(
                      record -> new String(record.key(), StandardCharsets.UTF_8),
                      Collectors.mapping(EventOrderTest::number, Collectors.toList())));
      assertThat(numbers).hasSize(PARALLELISM * SESSIONS_EACH);
      assertThat(numbers.values()).allSatisfy(inKey -> assertThat(inKey).isSorted());
    }
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
