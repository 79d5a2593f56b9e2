package io.eventpipeline.job.clickhouse;

import com.clickhouse.client.api.ClickHouseException;
import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import io.eventpipeline.job.clickhouse.Block.BlockColumn;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** ClickHouse over HTTP, by its own client. Thread-safe. */
final class HttpServerClient implements Server {
  /** About 10,000 rows of the pipeline's own tables; more go in several queries. */
  private static final int KEY_CHARS_MAX = 2_000_000;

  /** Nothing that a row can end with: rows end with a line break. */
  private static final String END_MARK = "end";

  private static final int EPOCH_RANDOM_BITS = 20;

  /** Not one of these is left to the server's default or to a user's profile. */
  static final Map<String, String> INSERT_SETTINGS =
      Map.ofEntries(
          // The answer means written, not queued
          Map.entry("async_insert", "0"),
          Map.entry("http_wait_end_of_query", "1"),
          // A token that was seen is not written again: the first filter, never the last word
          Map.entry("insert_deduplicate", "1"),
          Map.entry("deduplicate_insert", "enable"),
          Map.entry("deduplicate_insert_select", "force_enable"),
          Map.entry("deduplicate_blocks_in_dependent_materialized_views", "1"),
          // One block, one part: all of its rows or none
          Map.entry("input_format_parallel_parsing", "0"),
          Map.entry("max_insert_threads", "1"),
          Map.entry("parallel_view_processing", "0"),
          // A view that fails is an answer that is no success, whatever the table took
          Map.entry("materialized_views_ignore_errors", "0"),
          Map.entry("min_insert_block_size_rows", "1048576"),
          Map.entry("min_insert_block_size_bytes", "268435456"),
          // A replacing engine must not merge rows away before they can be counted
          Map.entry("optimize_on_insert", "0"),
          // Text goes into JSON columns as it is: no dates guessed, dots kept apart from nesting
          Map.entry("input_format_binary_read_json_as_string", "1"),
          Map.entry("input_format_try_infer_dates", "0"),
          Map.entry("input_format_try_infer_datetimes", "0"),
          Map.entry("json_type_escape_dots_in_keys", "1"),
          Map.entry("type_json_skip_duplicated_paths", "1"),
          // On a replicated table: acknowledged by a majority, one at a time, since only then does
          // select_sequential_consistency see every row; on others without effect
          Map.entry("insert_quorum", "auto"),
          Map.entry("insert_quorum_parallel", "0"),
          // The fence is read from what a quorum has
          Map.entry("select_sequential_consistency", "1"),
          // As for counts: a fence that is not seen is none
          Map.entry("use_query_cache", "0"),
          Map.entry("use_query_condition_cache", "0"),
          Map.entry("additional_table_filters", "{}"));

  /** Whatever the user's profile says: every row is seen, as it is now, or the query fails. */
  static final Map<String, String> COUNT_SETTINGS =
      Map.ofEntries(
          Map.entry("final", "0"),
          Map.entry("limit", "0"),
          Map.entry("offset", "0"),
          Map.entry("extremes", "0"),
          Map.entry("additional_table_filters", "{}"),
          Map.entry("use_query_cache", "0"),
          Map.entry("use_query_condition_cache", "0"),
          // What an operator deletes stays deleted
          Map.entry("apply_deleted_mask", "0"),
          Map.entry("max_result_rows", "0"),
          Map.entry("max_result_bytes", "0"),
          Map.entry("read_overflow_mode", "throw"),
          Map.entry("group_by_overflow_mode", "throw"),
          Map.entry("set_overflow_mode", "throw"),
          Map.entry("join_overflow_mode", "throw"),
          Map.entry("timeout_overflow_mode", "throw"),
          // On a replicated table: what a quorum has acknowledged, not what this replica knows
          Map.entry("select_sequential_consistency", "1"),
          Map.entry("enable_parallel_replicas", "0"));

  private static final Map<String, String> FENCE_SETTINGS =
      Map.of(
          "async_insert",
          "0",
          "insert_deduplicate",
          "0",
          "insert_quorum",
          "auto",
          "insert_quorum_parallel",
          "0");

  private final ClickHouseConfig config;
  private final Client client;
  private final ExecutorService calls;

  HttpServerClient(ClickHouseConfig config) {
    this.config = config;
    Duration timeout = config.insertTimeout();
    client =
        new Client.Builder()
            .addEndpoint(config.url())
            .setUsername(config.user())
            .setPassword(config.password().value())
            .setDefaultDatabase(config.database())
            .setConnectTimeout(Math.min(5_000, timeout.toMillis()), ChronoUnit.MILLIS)
            .setSocketTimeout(timeout.toMillis(), ChronoUnit.MILLIS)
            .setMaxConnections(config.commitThreads() + 2)
            // A retry of the client's own would be one that nobody verifies
            .setMaxRetries(0)
            .compressServerResponse(false)
            .compressClientRequest(false)
            .build();
    calls =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "clickhouse-call");
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public void insert(Block block, String token, long epoch, byte[] body, int rows)
      throws BlockFailure, InterruptedException {
    String target = BlockSql.insertTarget(config.database(), block, block.commitId(), epoch);
    insert(target, block, token, body, rows);
  }

  @Override
  public void insertAside(Block aside, Block of, String token, long epoch)
      throws BlockFailure, InterruptedException {
    String target = BlockSql.insertTarget(config.database(), aside, of.commitId(), epoch);
    insert(target, aside, token, aside.body(), aside.rows());
  }

  private void insert(String target, Block block, String token, byte[] body, int rows)
      throws BlockFailure, InterruptedException {
    InsertSettings settings =
        new InsertSettings()
            .setQueryId(token)
            .setDeduplicationToken(token)
            .appCompressedData(true, "zstd");
    INSERT_SETTINGS.forEach(settings::serverSetting);
    settings.serverSetting("max_execution_time", Long.toString(config.insertTimeout().toSeconds()));
    long written =
        call(
            "insert of " + block,
            () -> {
              try (InsertResponse response =
                  client
                      .insert(
                          target,
                          new ByteArrayInputStream(body),
                          ClickHouseFormat.RowBinary,
                          settings)
                      .get()) {
                refuseException(response.getResponseHeaders());
                return response.getWrittenRows();
              }
            });
    // More with a materialized view, whose rows are counted too; none when the block is fenced
    if (written < rows) {
      throw new BlockFailure(
          ErrorClass.RETRY, 0, "wrote " + written + " of " + rows + " rows of " + block, null);
    }
  }

  /**
   * With {@code http_wait_end_of_query} this cannot be; a proxy or an old server may still do it.
   */
  private static void refuseException(Map<String, String> headers) throws BlockFailure {
    for (Map.Entry<String, String> header : headers.entrySet()) {
      if (header.getKey().equalsIgnoreCase("X-ClickHouse-Exception-Code")) {
        int code = Integer.parseInt(header.getValue().strip());
        throw new BlockFailure(
            ErrorClass.ofCode(code), code, "200 with exception code " + code, null);
      }
    }
  }

  @Override
  public long fence(Block block, long last) throws BlockFailure, InterruptedException {
    String highest = select(BlockSql.highestFence(config.database(), block), COUNT_SETTINGS).get(0);
    // Clocks differ: an epoch from another host may be ahead of ours
    long seen = Math.max(last, Long.parseLong(highest));
    long epoch = Math.max(seen + 1, System.currentTimeMillis() << EPOCH_RANDOM_BITS);
    // Two that take over at the same moment must not hold the same one
    epoch += ThreadLocalRandom.current().nextInt(1 << EPOCH_RANDOM_BITS);
    execute(BlockSql.fence(config.database(), block, epoch), FENCE_SETTINGS);
    return epoch;
  }

  @Override
  public void kill(Block block) throws BlockFailure, InterruptedException {
    String inserts = BlockSql.inserts(block);
    execute("KILL QUERY WHERE " + inserts + " SYNC", Map.of());
    String count = "SELECT count() FROM system.processes WHERE " + inserts;
    String running = select(count, COUNT_SETTINGS).get(0);
    if (!running.equals("0")) {
      throw new BlockFailure(
          ErrorClass.RETRY, 0, running + " inserts of " + block + " still run", null);
    }
  }

  @Override
  public Landed landed(Block block) throws BlockFailure, InterruptedException {
    List<String> counts = select(BlockSql.landed(config.database(), block), COUNT_SETTINGS);
    BitSet rows = new BitSet(block.rows());
    long copies = 0;
    for (String line : counts) {
      int tab = line.indexOf('\t');
      rows.set(Integer.parseInt(line.substring(0, tab)));
      copies += Long.parseLong(line.substring(tab + 1)) - 1;
    }
    return new Landed(rows, copies);
  }

  @Override
  public BitSet replaced(Block block, BlockRows rows, BitSet missing)
      throws BlockFailure, InterruptedException {
    BitSet replaced = new BitSet();
    TableLayout layout = layout(block.table());
    if (!layout.replacesRows()) {
      return replaced;
    }
    Map<String, String> settings = new HashMap<>(COUNT_SETTINGS);
    settings.put("max_query_size", Integer.toString(2 * KEY_CHARS_MAX));
    settings.put("log_queries", "0"); // keys of rows are nothing for a log
    KeyColumns keys = new KeyColumns(block, layout);
    int row = missing.nextSetBit(0);
    while (row >= 0) {
      StringBuilder values = new StringBuilder();
      row = keys.append(rows, missing, row, values, KEY_CHARS_MAX);
      String sql =
          BlockSql.replaced(config.database(), block, layout, keys.columns(), values.toString());
      select(sql, settings).forEach(number -> replaced.set(Integer.parseInt(number)));
    }
    return replaced;
  }

  @Override
  public List<String> commits(String table, String prefix)
      throws BlockFailure, InterruptedException {
    return select(BlockSql.commits(config.database(), table, prefix), COUNT_SETTINGS);
  }

  @Override
  public List<BlockColumn> columns(String table) throws BlockFailure, InterruptedException {
    return select(BlockSql.columns(config.database(), table), Map.of()).stream()
        .map(line -> line.split("\t", 2))
        .map(parts -> new BlockColumn(parts[0], parts[1]))
        .toList();
  }

  @Override
  public TableLayout layout(String table) throws BlockFailure, InterruptedException {
    return select(BlockSql.layout(config.database(), table), Map.of()).stream()
        .map(line -> line.split("\t", -1))
        .map(
            parts ->
                new TableLayout(
                    parts[0],
                    parts[1],
                    parts[2],
                    parts[3],
                    parts[4].isEmpty() ? List.of() : List.of(parts[4].split(","))))
        .findFirst()
        .orElse(new TableLayout("", "", "", "", List.of()));
  }

  /**
   * Rows of the answer, columns separated by tabs.
   *
   * <p>A server that dies while it answers can leave an answer that looks whole and is empty, which
   * a count would take for "nothing is there": so the server ends each answer with a mark.
   */
  private List<String> select(String sql, Map<String, String> serverSettings)
      throws BlockFailure, InterruptedException {
    Map<String, String> marked = new HashMap<>(serverSettings);
    marked.put("format_custom_escaping_rule", "Raw");
    marked.put("format_custom_field_delimiter", "\t");
    marked.put("format_custom_row_before_delimiter", "");
    marked.put("format_custom_row_after_delimiter", "\n");
    marked.put("format_custom_row_between_delimiter", "");
    marked.put("format_custom_result_before_delimiter", "");
    marked.put("format_custom_result_after_delimiter", END_MARK);
    String answer = execute(sql, marked);
    if (!answer.endsWith(END_MARK)) {
      throw new BlockFailure(
          ErrorClass.RETRY, 0, "an answer of " + answer.length() + " characters was cut off", null);
    }
    return answer.substring(0, answer.length() - END_MARK.length()).lines().toList();
  }

  @SuppressWarnings("try") // the response's close() is declared to throw anything
  private String execute(String sql, Map<String, String> serverSettings)
      throws BlockFailure, InterruptedException {
    QuerySettings settings =
        new QuerySettings()
            .setQueryId("sink-" + UUID.randomUUID())
            .setFormat(ClickHouseFormat.CustomSeparated)
            .waitEndOfQuery(true);
    serverSettings.forEach(settings::serverSetting);
    return call(
        sql,
        () -> {
          try (QueryResponse response = client.query(sql, settings).get()) {
            refuseException(response.getResponseHeaders());
            return new String(response.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          }
        });
  }

  /** What the client does when it is asked. */
  private interface Call<R> {
    R run() throws Exception;
  }

  /**
   * Runs the call on another thread, so that an interrupt or the deadline ends the wait at once.
   */
  private <R> R call(String what, Call<R> call) throws BlockFailure, InterruptedException {
    CompletableFuture<R> answer = new CompletableFuture<>();
    var running =
        calls.submit(
            () -> {
              try {
                answer.complete(call.run());
              } catch (Exception | Error e) {
                answer.completeExceptionally(e);
              }
            });
    try {
      return answer.get(config.insertTimeout().toMillis() + 1_000, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new BlockFailure(ErrorClass.RETRY, 0, "no answer in time: " + what, e);
    } catch (ExecutionException e) {
      throw failure(what, e.getCause());
    } finally {
      running.cancel(true);
    }
  }

  /**
   * Sorts what the client threw: a server's code decides, no answer is a retry. What the client did
   * not mean to throw is a defect, perhaps of its present state: a restart makes a new one.
   */
  static BlockFailure failure(String what, Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof BlockFailure failure) {
        return failure;
      }
      if (cause instanceof ServerException server) {
        // 0: an answer without ClickHouse's code, as from a proxy or a server that is starting
        ErrorClass errorClass =
            server.getCode() <= 0 ? ErrorClass.RETRY : ErrorClass.ofCode(server.getCode());
        return new BlockFailure(errorClass, server.getCode(), server.getMessage(), thrown);
      }
      if (cause instanceof IOException) {
        return new BlockFailure(ErrorClass.RETRY, 0, what + ": " + cause, thrown);
      }
    }
    ErrorClass errorClass =
        thrown instanceof ClickHouseException ? ErrorClass.RETRY : ErrorClass.RESTART;
    return new BlockFailure(errorClass, 0, what + ": " + thrown, thrown);
  }

  @Override
  public void close() {
    calls.shutdownNow();
    client.close();
  }
}
