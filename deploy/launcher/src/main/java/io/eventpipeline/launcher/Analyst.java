package io.eventpipeline.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eventpipeline.launcher.cli.CommandException;
import io.eventpipeline.launcher.stack.LocalAccess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks ClickHouse over HTTP as the read-only user. Thread-safe. */
final class Analyst {
  private final URI clickhouse;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /**
   * @param clickhouse its HTTP address, no path
   */
  Analyst(URI clickhouse) {
    this.clickhouse = clickhouse;
  }

  /**
   * The answer to {@code query}, as it comes from the server: a large one is never held in memory.
   *
   * @param format of the answer where the query names none, e.g. {@code TabSeparated}
   * @throws CommandException with the server's first line when it refuses the query
   * @throws IOException when it cannot be reached, or while the answer is read
   */
  Answer query(String query, String format) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                clickhouse.resolve(
                    "/?database="
                        + LocalAccess.CLICKHOUSE_DATABASE
                        + "&default_format="
                        + URLEncoder.encode(format, UTF_8)))
            .header("X-ClickHouse-User", LocalAccess.ANALYST_USER)
            .header("X-ClickHouse-Key", LocalAccess.ANALYST_PASSWORD)
            .POST(BodyPublishers.ofString(query))
            .build();
    HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
    boolean failed = response.headers().firstValue("X-ClickHouse-Exception-Code").isPresent();
    if (response.statusCode() != 200 || failed) {
      try (InputStream body = response.body()) {
        String text = new String(body.readNBytes(64 * 1024), UTF_8);
        throw new CommandException(Answer.firstLine(text));
      }
    }
    return new Answer(
        response.body(), response.headers().firstValue("X-ClickHouse-Exception-Tag").orElse(""));
  }

  /** The whole answer, for one that is known to be small. */
  String ask(String query) throws IOException, InterruptedException {
    try (Answer answer = query(query, "TabSeparated")) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      answer.copyTo(text);
      return text.toString(UTF_8);
    }
  }
}
