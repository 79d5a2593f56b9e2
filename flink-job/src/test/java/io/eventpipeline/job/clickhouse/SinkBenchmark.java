package io.eventpipeline.job.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.data.ClickHouseFormat;
import io.eventpipeline.services.ServiceKit;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Rows per second and CPU per row of the sink in a job, and of ClickHouse's client alone with the
 * same rows in the same run: the ceiling, since it is given its rows encoded. {@code [rows]
 * [rounds]}, default 2,000,000 and 3; blocks of 50,000 rows, a ClickHouse of its own. The
 * contenders take turns, the median of each counts.
 */
public final class SinkBenchmark {
  private static final int BLOCK = 50_000;
  private static final String DATABASE = "events_benchmark";

  private final ServiceKit kit;
  private final TestDatabase database;
  private final Path checkpoints;
  private final int rows;
  private final byte[] encoded;
  private final int encodedBytes;
  private final Map<String, List<double[]>> results = new LinkedHashMap<>();

  private SinkBenchmark(ServiceKit kit, TestDatabase database, Path checkpoints, int rows) {
    this.kit = kit;
    this.database = database;
    this.checkpoints = checkpoints;
    this.rows = rows;
    RowBuffer buffer = new RowBuffer(1 << 24);
    for (int i = 0; i < BLOCK; i++) {
      Reading.mapping("t").write(reading(i), buffer);
      buffer.string("1795132800000-benchmark");
      buffer.int32(i);
    }
    this.encoded = buffer.array();
    this.encodedBytes = buffer.size();
  }

  public static void main(String[] args) throws Exception {
    int rows = args.length > 0 ? Integer.parseInt(args[0]) : 2_000_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    Path directory = Files.createTempDirectory("sink-benchmark");
    try (var kit = ServiceKit.builder(directory).clickhouse().start();
        var database = new TestDatabase(kit.clickhouse(), DATABASE)) {
      System.out.println(
          "load at the start: " + Files.readString(Path.of("/proc/loadavg")).strip());
      var benchmark = new SinkBenchmark(kit, database, directory.resolve("checkpoints"), rows);
      benchmark.measure("warm-up", true, () -> benchmark.bare(2));
      benchmark.results.clear();
      for (int round = 0; round < rounds; round++) {
        benchmark.measure("client alone, 1 stream", true, () -> benchmark.bare(1));
        benchmark.measure("client alone, 2 streams", true, () -> benchmark.bare(2));
        benchmark.measure("the same without fsync", false, () -> benchmark.bare(2));
        benchmark.measure("exactly-once job of 2", true, benchmark::job);
      }
      benchmark.report();
      System.out.println("load at the end: " + Files.readString(Path.of("/proc/loadavg")).strip());
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

  private void measure(String what, boolean fsync, Callable<Void> contender) throws Exception {
    database.query("DROP TABLE IF EXISTS " + DATABASE + ".t SYNC");
    database.readings("t", "ReplacingMergeTree", 10_000);
    if (fsync) {
      database.query(
          "ALTER TABLE "
              + DATABASE
              + ".t MODIFY SETTING fsync_after_insert = 1, fsync_part_directory = 1");
    }
    double cpuBefore = cpuSeconds();
    long begin = System.nanoTime();
    contender.call();
    double seconds = (System.nanoTime() - begin) / 1e9;
    double cpu = cpuSeconds() - cpuBefore;
    if (database.count("t") != rows) {
      throw new IllegalStateException(what + ": " + database.count("t") + " rows arrived");
    }
    results
        .computeIfAbsent(what, key -> new ArrayList<>())
        .add(new double[] {rows / seconds, cpu / rows * 1e6});
  }

  private Void bare(int streams) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(streams);
    try (Client client = client()) {
      List<Callable<Void>> inserts =
          IntStream.range(0, rows / BLOCK)
              .<Callable<Void>>mapToObj(block -> () -> insert(client, block))
              .toList();
      for (var insert : threads.invokeAll(inserts)) {
        insert.get();
      }
    } finally {
      threads.shutdownNow();
    }
    return null;
  }

  private Client client() {
    ClickHouseConfig config = database.config();
    return new Client.Builder()
        .addEndpoint(config.url())
        .setUsername(config.user())
        .setPassword(config.password().value())
        .setDefaultDatabase(config.database())
        .compressClientRequest(true)
        .build();
  }

  private Void insert(Client client, int block) throws Exception {
    InsertSettings settings =
        new InsertSettings()
            .serverSetting("async_insert", "0")
            .serverSetting("input_format_binary_read_json_as_string", "1")
            .setDeduplicationToken("block-" + block);
    client
        .insert(
            "t",
            List.of("id", "at", "value", "data", "_commit_id", "_row_no"),
            new ByteArrayInputStream(encoded, 0, encodedBytes),
            ClickHouseFormat.RowBinary,
            settings)
        .get()
        .close();
    return null;
  }

  private Void job() throws Exception {
    Configuration flink = ReadingsJob.withoutRestarts();
    flink.setString("pipeline.object-reuse", "true");
    // A JobManager's memory takes 5 MB of a checkpoint, and blocks are larger
    flink.setString("execution.checkpointing.storage", "filesystem");
    flink.setString("execution.checkpointing.dir", checkpoints.toUri().toString());
    try (var env = StreamExecutionEnvironment.createLocalEnvironment(2, flink)) {
      env.enableCheckpointing(1000);
      ReadingsJob.define(env, rows, number -> reading((int) (number % BLOCK)), database.config());
      env.execute();
    }
    return null;
  }

  /** Of this process and of ClickHouse, since they started. */
  private double cpuSeconds() throws Exception {
    var mine =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    String stat =
        Files.readString(Path.of("/proc/" + kit.clickhouse().pid().orElseThrow() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    return mine.getProcessCpuTime() / 1e9 + ticks / 100.0;
  }

  private void report() throws Exception {
    results.forEach(
        (what, runs) ->
            System.out.printf(
                Locale.ROOT,
                "%-26s %,9.0f rows/s  %5.2f us CPU/row  (%s)%n",
                what,
                median(runs, 0),
                median(runs, 1),
                runs.stream().map(run -> String.format(Locale.ROOT, "%,.0f", run[0])).toList()));
    double ceiling =
        Math.max(
            median(results.get("client alone, 1 stream"), 0),
            median(results.get("client alone, 2 streams"), 0));
    System.out.printf(
        Locale.ROOT,
        "job / ceiling: %.2f; checkpoint: %.1f bytes/row of %.0f%n",
        median(results.get("exactly-once job of 2"), 0) / ceiling,
        checkpointBytes(),
        encodedBytes / (double) BLOCK);
  }

  /** Of one serialised block, per row. */
  private static double checkpointBytes() throws Exception {
    Block block =
        Blocks.of(
            "t",
            System.currentTimeMillis() + "-benchmark",
            IntStream.range(0, BLOCK).mapToObj(SinkBenchmark::reading).toList());
    return new BlockSerializer().serialize(block).length / (double) BLOCK;
  }

  private static double median(List<double[]> runs, int which) {
    double[] sorted = runs.stream().mapToDouble(run -> run[which]).sorted().toArray();
    return Arrays.stream(sorted).skip((sorted.length - 1) / 2).findFirst().orElseThrow();
  }
}
