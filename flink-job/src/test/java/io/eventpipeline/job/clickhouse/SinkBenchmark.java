package io.eventpipeline.job.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.data.ClickHouseFormat;
import io.eventpipeline.services.ServiceKit;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Rows per second of the sink, and of ClickHouse's client alone with the same rows in the same run.
 * {@code [rows]}, default 3,000,000, in blocks of 50,000, on a ClickHouse of its own.
 */
public final class SinkBenchmark {
  private static final int BLOCK = 50_000;

  private SinkBenchmark() {}

  public static void main(String[] args) throws Exception {
    int rows = args.length > 0 ? Integer.parseInt(args[0]) : 3_000_000;
    Path directory = Files.createTempDirectory("sink-benchmark");
    try (var kit = ServiceKit.builder(directory).clickhouse().start();
        var database = new TestDatabase(kit.clickhouse(), "events_benchmark")) {
      for (String table : List.of("warm", "bare", "lander", "job")) {
        database.readings(table, "ReplacingMergeTree", 10_000);
        database.query(
            "ALTER TABLE events_benchmark."
                + table
                + " MODIFY SETTING"
                + " fsync_after_insert = 1, fsync_part_directory = 1");
      }
      List<Reading> block = IntStream.range(0, BLOCK).mapToObj(SinkBenchmark::reading).toList();
      bare(database, "warm", block, 10 * BLOCK);
      report("client-v2 alone, encoded before", rows, bare(database, "bare", block, rows));
      report("blocks without Flink, one thread", rows, lander(database, block, rows));
      report("job of parallelism 2, checkpoint 1 s", rows, job(database, rows));
      System.out.println(
          "rows in the job's table: " + database.one("SELECT count() FROM events_benchmark.job"));
    }
  }

  /** About 320 bytes, as an average event. */
  static Reading reading(int number) {
    return new Reading(
        "id-" + number,
        Reading.NOVEMBER + number,
        number % 200,
        "{\"sku\":\"SKU-"
            + number % 1000
            + "\",\"quantity\":"
            + number % 7
            + ",\"unit_price\":19.9,\"text\":\""
            + "lorem ipsum dolor sit amet ".repeat(8)
            + number
            + "\"}");
  }

  private static long bare(TestDatabase database, String table, List<Reading> block, int rows)
      throws Exception {
    RowBuffer encoded = new RowBuffer(1 << 24);
    for (int i = 0; i < block.size(); i++) {
      Reading.mapping(table).write(block.get(i), encoded);
      encoded.string("1795132800000-benchmark");
      encoded.int32(i);
    }
    ClickHouseConfig config = database.config();
    long begin = System.nanoTime();
    try (Client client =
        new Client.Builder()
            .addEndpoint(config.url())
            .setUsername(config.user())
            .setPassword(config.password().value())
            .setDefaultDatabase(config.database())
            .compressClientRequest(true)
            .build()) {
      for (int done = 0; done < rows; done += block.size()) {
        InsertSettings settings =
            new InsertSettings()
                .serverSetting("async_insert", "0")
                .serverSetting("input_format_binary_read_json_as_string", "1")
                .setDeduplicationToken(table + done);
        client
            .insert(
                table,
                List.of("id", "at", "value", "data", "_commit_id", "_row_no"),
                new ByteArrayInputStream(encoded.array(), 0, encoded.size()),
                ClickHouseFormat.RowBinary,
                settings)
            .get()
            .close();
      }
    }
    return System.nanoTime() - begin;
  }

  private static long lander(TestDatabase database, List<Reading> block, int rows)
      throws Exception {
    ClickHouseConfig config = database.config();
    BlockSerializer serializer = new BlockSerializer();
    try (var server = new HttpServerClient(config)) {
      var columns = LiveTable.check(server, config.database(), Reading.mapping("lander"));
      var lander = new BlockLander(server, config, new SinkMetrics(), Rejections.STOP);
      long begin = System.nanoTime();
      long cutting = 0;
      for (int done = 0; done < rows; done += block.size()) {
        long start = System.nanoTime();
        var builder = new BlockBuilder("lander", "toYYYYMM(at) = 202611", columns);
        block.forEach(row -> builder.add(Reading.mapping("lander"), row));
        Block sealed = builder.seal(System.currentTimeMillis() + "-benchmark-" + done, -1);
        Block travelled =
            serializer.deserialize(serializer.getVersion(), serializer.serialize(sealed));
        cutting += System.nanoTime() - start;
        lander.land(travelled, false);
      }
      report("  of which cutting and compressing", rows, cutting);
      return System.nanoTime() - begin;
    }
  }

  private static long job(TestDatabase database, int rows) throws Exception {
    Configuration flink = new Configuration();
    flink.setString("pipeline.object-reuse", "true");
    try (var env = StreamExecutionEnvironment.createLocalEnvironment(2, flink)) {
      env.enableCheckpointing(1000);
      env.fromSequence(0, rows - 1)
          .uid("numbers")
          .map(number -> reading((int) (number % BLOCK)))
          .returns(Reading.class)
          .uid("readings")
          .sinkTo(
              ClickHouseSink.<Reading>builder()
                  .config(database.config())
                  .mapping(Reading.mapping("job"))
                  .build())
          .uid("sink");
      long begin = System.nanoTime();
      env.execute();
      return System.nanoTime() - begin;
    }
  }

  private static void report(String what, int rows, long nanos) {
    System.out.printf(
        Locale.ROOT, "%-40s %,9.0f rows/s  (%.1f s)%n", what, rows / (nanos / 1e9), nanos / 1e9);
  }
}
