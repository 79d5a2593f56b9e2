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
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** ClickHouse over HTTP, by its own client. Thread-safe. */
final class HttpServerClient implements Server {
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
          Map.entry("insert_quorum_parallel", "0"));

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
                          insertTarget(block, epoch),
                          new ByteArrayInputStream(body),
                          ClickHouseFormat.RowBinary,
                          settings)
                      .get()) {
                refuseException(response.getResponseHeaders());
                return response.getWrittenRows();
              }
            });
    if (written != rows) {
      throw new BlockFailure(
          ErrorClass.RETRY, 0, "wrote " + written + " of " + rows + " rows of " + block, null);
    }
  }

  /**
   * What stands between {@code INSERT INTO} and {@code FORMAT}: the rows pass through a SELECT,
   * which adds the commit id and asks for the fence.
   */
  static String insertTarget(String database, Block block, long epoch) {
    String names =
        block.columns().stream().map(BlockColumn::name).collect(Collectors.joining(", "));
    String structure =
        block.columns().stream()
            .map(column -> column.name() + " " + column.type())
            .collect(Collectors.joining(", "));
    return database
        + "."
        + block.table()
        + " ("
        + names
        + ", _commit_id) SELECT "
        + names
        + ", "
        + quote(block.commitId())
        + " FROM input("
        + quote(structure)
        + ") WHERE (SELECT count() FROM "
        + database
        + ".sink_fences WHERE commit_id = "
        + quote(block.commitId())
        + " AND epoch > "
        + epoch
        + ") = 0";
  }

  private String insertTarget(Block block, long epoch) {
    return insertTarget(config.database(), block, epoch);
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
  public void fence(Block block, long epoch) throws BlockFailure, InterruptedException {
    query(
        "INSERT INTO "
            + config.database()
            + ".sink_fences (commit_id, epoch) VALUES ("
            + quote(block.commitId())
            + ", "
            + epoch
            + ")",
        Map.of("async_insert", "0", "insert_quorum", "auto"));
  }

  @Override
  public void kill(Block block) throws BlockFailure, InterruptedException {
    String mine = "startsWith(query_id, " + quote(block.commitId()) + ") AND user = currentUser()";
    query("KILL QUERY WHERE " + mine + " SYNC", Map.of());
    String running = text(query("SELECT count() FROM system.processes WHERE " + mine, Map.of()));
    if (!running.strip().equals("0")) {
      throw new BlockFailure(
          ErrorClass.RETRY, 0, running.strip() + " inserts of " + block + " still run", null);
    }
  }

  @Override
  public Landed landed(Block block) throws BlockFailure, InterruptedException {
    String partition = block.partition().isEmpty() ? "" : " AND " + block.partition();
    String answer =
        text(
            query(
                "SELECT _row_no, count() FROM "
                    + config.database()
                    + "."
                    + block.table()
                    + " WHERE _commit_id = "
                    + quote(block.commitId())
                    + partition
                    + " GROUP BY _row_no",
                Map.of("select_sequential_consistency", "1", "final", "0")));
    BitSet rows = new BitSet(block.rows());
    long copies = 0;
    for (String line : answer.lines().toList()) {
      int tab = line.indexOf('\t');
      rows.set(Integer.parseInt(line.substring(0, tab)));
      copies += Long.parseLong(line.substring(tab + 1)) - 1;
    }
    return new Landed(rows, copies);
  }

  @Override
  public List<BlockColumn> columns(String table) throws BlockFailure, InterruptedException {
    String answer =
        text(
            query(
                "SELECT name, type FROM system.columns WHERE database = "
                    + quote(config.database())
                    + " AND table = "
                    + quote(table)
                    + " AND default_kind NOT IN ('ALIAS', 'MATERIALIZED')"
                    + " ORDER BY position FORMAT TSVRaw",
                Map.of()));
    List<BlockColumn> columns = new ArrayList<>();
    for (String line : answer.lines().toList()) {
      int tab = line.indexOf('\t');
      columns.add(new BlockColumn(line.substring(0, tab), line.substring(tab + 1)));
    }
    return columns;
  }

  @Override
  public String partitionKey(String table) throws BlockFailure, InterruptedException {
    return text(query(
            "SELECT partition_key FROM system.tables WHERE database = "
                + quote(config.database())
                + " AND name = "
                + quote(table)
                + " FORMAT TSVRaw",
            Map.of()))
        .strip();
  }

  @SuppressWarnings("try") // the response's close() is declared to throw anything
  private byte[] query(String sql, Map<String, String> serverSettings)
      throws BlockFailure, InterruptedException {
    QuerySettings settings =
        new QuerySettings()
            .setQueryId("sink-" + UUID.randomUUID())
            .setFormat(ClickHouseFormat.TabSeparated)
            .waitEndOfQuery(true);
    serverSettings.forEach(settings::serverSetting);
    return call(
        sql,
        () -> {
          try (QueryResponse response = client.query(sql, settings).get()) {
            refuseException(response.getResponseHeaders());
            return response.getInputStream().readAllBytes();
          }
        });
  }

  private static String text(byte[] answer) {
    return new String(answer, StandardCharsets.UTF_8);
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

  /** Sorts what the client threw: a server's code decides, no answer is a retry, else stop. */
  private static BlockFailure failure(String what, Throwable thrown) {
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
        thrown instanceof ClickHouseException ? ErrorClass.RETRY : ErrorClass.STOP;
    return new BlockFailure(errorClass, 0, what + ": " + thrown, thrown);
  }

  static String quote(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  @Override
  public void close() {
    calls.shutdownNow();
    client.close();
  }
}
