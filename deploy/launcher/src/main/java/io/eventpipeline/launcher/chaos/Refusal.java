package io.eventpipeline.launcher.chaos;

import io.eventpipeline.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/**
 * Makes ClickHouse refuse every insert while it goes on answering: by settings of all tables of
 * database {@code events}, or by filling its memory.
 */
final class Refusal {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int MEMORY_LIMIT_EXCEEDED = 241;

  /** A row is 1 MB and then 20 kB: what is left then is less than an insert needs. */
  private static final List<Integer> ROW_BYTES = List.of(1_000_000, 20_000);

  private static final int FILLS_MAX = 200;
  private static final String HOARD = "events.chaos_hoard";

  private final URI clickhouse;
  private final String user;
  private final Secret password;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  /**
   * Asks directly, not through a proxy.
   *
   * @param user who may alter tables
   */
  Refusal(URI clickhouse, String user, Secret password) {
    this.clickhouse = clickhouse;
    this.user = user;
    this.password = password;
  }

  /**
   * From now on inserts are refused.
   *
   * @param way {@code parts}, {@code memory}, {@code readonly} or {@code space}
   */
  void begin(String way) throws IOException, InterruptedException {
    switch (way) {
      case "parts" -> alter("MODIFY SETTING parts_to_delay_insert = 1, parts_to_throw_insert = 1");
      case "readonly" -> alter("MODIFY SETTING table_readonly = 1");
      case "space" ->
          alter("MODIFY SETTING min_free_disk_bytes_to_perform_insert = 1000000000000000");
      case "memory" -> hoard();
      default -> throw new IllegalArgumentException("no way to refuse: " + way);
    }
  }

  /** Inserts are taken again; may be repeated. */
  void end(String way) throws IOException, InterruptedException {
    switch (way) {
      case "parts" -> alter("RESET SETTING parts_to_delay_insert, parts_to_throw_insert");
      case "readonly" -> alter("RESET SETTING table_readonly");
      case "space" -> alter("RESET SETTING min_free_disk_bytes_to_perform_insert");
      case "memory" -> ask("DROP TABLE IF EXISTS " + HOARD + " SYNC");
      default -> throw new IllegalArgumentException("no way to refuse: " + way);
    }
  }

  private void alter(String change) throws IOException, InterruptedException {
    String tables =
        ask(
            "SELECT name FROM system.tables WHERE database = 'events'"
                + " AND engine LIKE '%MergeTree' FORMAT TabSeparated");
    for (String table : tables.lines().toList()) {
      ask("ALTER TABLE events." + table + " " + change);
    }
  }

  /** Rows in a table of engine Memory until the server as a whole may take no more. */
  private void hoard() throws IOException, InterruptedException {
    ask("CREATE TABLE IF NOT EXISTS " + HOARD + " (s String) ENGINE = Memory");
    for (int bytes : ROW_BYTES) {
      boolean full = false;
      for (int i = 0; i < FILLS_MAX && !full; i++) {
        HttpResponse<String> answer =
            send(
                "INSERT INTO "
                    + HOARD
                    + " SELECT randomString("
                    + bytes
                    + ") FROM numbers(50) SETTINGS max_memory_usage = 0, max_block_size = 1");
        full = code(answer) == MEMORY_LIMIT_EXCEEDED;
        if (!full) {
          check(answer);
        }
      }
    }
  }

  private String ask(String sql) throws IOException, InterruptedException {
    HttpResponse<String> answer = send(sql);
    check(answer);
    return answer.body();
  }

  private static void check(HttpResponse<String> answer) throws IOException {
    if (answer.statusCode() != 200 || code(answer) != 0) {
      throw new IOException("ClickHouse: " + answer.body().lines().findFirst().orElse(""));
    }
  }

  private static int code(HttpResponse<String> answer) {
    return answer
        .headers()
        .firstValue("X-ClickHouse-Exception-Code")
        .map(Integer::parseInt)
        .orElse(0);
  }

  private HttpResponse<String> send(String sql) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(clickhouse)
            .timeout(TIMEOUT)
            .header("X-ClickHouse-User", user)
            .header("X-ClickHouse-Key", password.value())
            .POST(BodyPublishers.ofString(sql))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }
}
