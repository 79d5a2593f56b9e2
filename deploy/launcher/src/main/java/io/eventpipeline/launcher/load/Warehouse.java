package io.eventpipeline.launcher.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * This run's rows in ClickHouse, read over HTTP as they are physically: FINAL only where it is
 * asked for. Any thread.
 */
final class Warehouse {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final Duration COUNT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration GLANCE_TIMEOUT = Duration.ofSeconds(2);
  private static final int PROBLEM_CHARS_MAX = 300;

  /** A clock that is set back by more than this while the run begins hides rows from its counts. */
  private static final Duration CLOCK_STEP_MAX = Duration.ofSeconds(2);

  private static final int RAW_COLUMN = 0;
  private static final int PROCESSED_COLUMN = 1;
  private static final int ERRORS_COLUMN = 2;

  /**
   * Rows of this run in the three tables.
   *
   * @param raw in {@code events_raw}: every arrival
   * @param processed in {@code events_processed}
   * @param errors in {@code events_errors}
   */
  record Counts(long raw, long processed, long errors) {
    static final Counts NONE = new Counts(0, 0, 0);
  }

  private final HttpClient http;
  private final Target target;
  private final String ofThisRun;
  private final String recent;

  /**
   * Reads the rows of {@code source}.
   *
   * @param source of this run; letters, digits, {@code /} and {@code -} only
   * @param since when the run began; the same machine's clock, so no row was received before
   */
  Warehouse(HttpClient http, Target target, String source, Instant since) {
    if (!source.matches("[A-Za-z0-9/-]+")) {
      throw new IllegalArgumentException("not a source that needs no quoting: " + source);
    }
    this.http = http;
    this.target = target;
    this.ofThisRun = " WHERE source = '" + source + "'";
    this.recent =
        " AND received_at >= fromUnixTimestamp64Milli("
            + since.minus(CLOCK_STEP_MAX).toEpochMilli()
            + ", 'UTC')";
  }

  /**
   * Physical rows. Asked several times a second while the system is measured: by the time of
   * receipt ClickHouse leaves out whatever earlier runs left behind.
   */
  Counts counts() throws IOException, InterruptedException {
    return counts("", ofThisRun + recent);
  }

  /** Rows as readers of FINAL see them, of all times. */
  Counts visible() throws IOException, InterruptedException {
    return counts(" FINAL", ofThisRun);
  }

  private Counts counts(String modifier, String which) throws IOException, InterruptedException {
    String sql =
        "SELECT (SELECT count() FROM events.events_raw"
            + which
            + "), (SELECT count() FROM events.events_processed"
            + modifier
            + which
            + "), (SELECT count() FROM events.events_errors"
            + modifier
            + which
            + ") FORMAT TabSeparated";
    long[] counts = new long[ERRORS_COLUMN + 1];
    rows(
        sql,
        COUNT_TIMEOUT,
        columns -> {
          for (int i = 0; i < counts.length; i++) {
            counts[i] = Long.parseLong(columns[i]);
          }
        });
    return new Counts(counts[RAW_COLUMN], counts[PROCESSED_COLUMN], counts[ERRORS_COLUMN]);
  }

  /**
   * Every physical row of {@code table}, of all times: id, store, type and {@code more} columns.
   *
   * @return how many there were
   * @throws IOException when ClickHouse fails, also in the middle of the answer
   */
  long rows(String table, String more, Consumer<String[]> row)
      throws IOException, InterruptedException {
    String sql =
        "SELECT event_id, store_id, event_type"
            + more
            + " FROM events."
            + table
            + ofThisRun
            + " FORMAT TabSeparated";
    return rows(sql, TIMEOUT, row);
  }

  /** The column that {@link Envelope#checksum} is compared with. */
  static String checksumColumn() {
    String from = "position(payload, '" + Envelope.FIRST_MEMBER + "')";
    return ", CRC32(substring(payload, " + from + "))";
  }

  /**
   * Gives the newest time of receipt of each partition, among rows not older than {@code since}.
   */
  void newest(Instant since, BiConsumer<Integer, Long> partition)
      throws IOException, InterruptedException {
    String sql =
        "SELECT src_partition, toUnixTimestamp64Milli(max(received_at))"
            + " FROM events.events_processed"
            + ofThisRun
            + recent
            + " AND received_at >= fromUnixTimestamp64Milli("
            + since.toEpochMilli()
            + ", 'UTC') GROUP BY src_partition FORMAT TabSeparated";
    rows(
        sql,
        GLANCE_TIMEOUT,
        row -> partition.accept(Integer.parseInt(row[0]), Long.parseLong(row[1])));
  }

  /** The column that {@link DataDigest#ofData} takes, in base64. */
  static String dataColumn() {
    return ", base64Encode(toString(data))";
  }

  private long rows(String sql, Duration timeout, Consumer<String[]> row)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(target.clickhouse())
            .timeout(timeout)
            .header("X-ClickHouse-User", target.clickhouseUser())
            .header("X-ClickHouse-Key", target.clickhousePassword().value())
            .POST(BodyPublishers.ofString(sql))
            .build();
    HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
    try (InputStream body = response.body();
        BufferedReader lines = new BufferedReader(new InputStreamReader(body, UTF_8))) {
      boolean failed = response.headers().firstValue("X-ClickHouse-Exception-Code").isPresent();
      if (response.statusCode() != 200 || failed) {
        throw new IOException("ClickHouse: " + firstOf(lines.readLine()));
      }
      return read(lines, sql, row);
    }
  }

  /** An error in the middle of an answer is a line that has not the columns of a row. */
  private static long read(BufferedReader lines, String sql, Consumer<String[]> row)
      throws IOException {
    int columns = -1;
    long rows = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] values = line.split("\t", -1);
      if (columns < 0) {
        columns = values.length;
      }
      if (values.length != columns || line.contains("DB::Exception")) {
        throw new IOException("ClickHouse broke off: " + firstOf(line) + " in " + sql);
      }
      row.accept(values);
      rows++;
    }
    return rows;
  }

  private static String firstOf(String line) {
    String text = line == null ? "no answer" : line;
    return text.length() > PROBLEM_CHARS_MAX ? text.substring(0, PROBLEM_CHARS_MAX) : text;
  }
}
