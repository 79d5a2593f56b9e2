package io.eventpipeline.job;

import io.eventpipeline.job.decode.EventDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * How fast the topology is without its servers: {@code [events] [parallelism]}, default 500000 1.
 *
 * <p>A generator makes events, sinks drop them; Redis and Postgres are absent, so enrichment costs
 * what it costs when both are down. Prints events/s and, for comparison, what one thread decodes.
 */
final class TopologyThroughput {
  private TopologyThroughput() {}

  public static void main(String[] arguments) throws Exception {
    int events = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 500_000;
    int parallelism = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
    double ceiling = decodeOnly(events);
    System.out.printf("decode only, 1 thread: %,.0f events/s%n", ceiling);
    topology(events / 5, parallelism); // warm up
    double rate = topology(events, parallelism);
    System.out.printf(
        "topology, parallelism %d: %,.0f events/s, %.1f %% of decode only%n",
        parallelism, rate, 100 * rate / ceiling);
  }

  private static double decodeOnly(int events) {
    EventDecoder decoder = new EventDecoder();
    long bytes = 0;
    long start = System.nanoTime();
    for (int i = 0; i < events; i++) {
      bytes += decoder.decode(value(i), TestEvents.RECEIVED_MICROS, 0, i).event().dataLength();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("%,d bytes of data seen%n", bytes);
    return events / seconds;
  }

  private static double topology(int events, int parallelism) throws Exception {
    JobConfig config = JobConfigTest.read("job.minimal.yaml", Map.of("JOB_REDIS_PORT", "1"));
    var env = StreamExecutionEnvironment.getExecutionEnvironment(Main.settings(config));
    env.setParallelism(parallelism);
    EventTopology.define(
        env,
        new DataGeneratorSource<>(
            index -> TestEvents.raw(value(index), index),
            events,
            TypeInformation.of(RawEvent.class)),
        new FileSchemas(),
        new Sinks(
            arrivals -> drop(arrivals, "arrivals"),
            processed -> drop(processed, "processed"),
            refused -> drop(refused, "refused"),
            kafka -> drop(kafka, "kafka"),
            users -> drop(users, "users")),
        config,
        Clock.systemUTC());
    StreamGraph graph = env.getStreamGraph();
    var result = env.execute(graph);
    Duration took = Duration.ofMillis(result.getNetRuntime());
    return events * 1000.0 / took.toMillis();
  }

  private static void drop(DataStream<?> stream, String uid) {
    discard(stream, uid);
  }

  private static <T> void discard(DataStream<T> stream, String uid) {
    stream.sinkTo(new DiscardingSink<>()).uid(uid).name(uid);
  }

  private static byte[] value(long index) {
    return ("{\"specversion\":\"1.0\",\"id\":\"018f-"
            + index
            + "\",\"source\":\"/shop/web\",\"type\":\"cart.item_added\",\"time\":\"2026-11-20T11:59:58.123Z\","
            + "\"storeid\":\"store-"
            + index % 5
            + "\",\"userid\":\"u-"
            + index % 10_000
            + "\",\"sessionid\":\"s-"
            + index / 10
            + "\",\"cartid\":\"c-"
            + index / 10
            + "\",\"data\":{\"sku\":\"SKU-"
            + index % 500
            + "\",\"quantity\":2,\"unit_price\":19.90,\"currency\":\"EUR\"}}")
        .getBytes(StandardCharsets.UTF_8);
  }
}
