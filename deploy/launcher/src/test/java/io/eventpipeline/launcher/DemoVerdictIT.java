package io.eventpipeline.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.launcher.Command.Answer;
import io.eventpipeline.launcher.stack.LocalAccess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The demo's promise is worth something only if it can be broken. */
@ExtendWith(SharedStack.class)
class DemoVerdictIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Pattern RUN = Pattern.compile("demo run ([a-z0-9-]+):");

  /**
   * Of the run's source, so that the demo takes it for its own, at a place in Kafka where nothing
   * stands, so that it is no copy. In the table that has no topic: for that one would be waited.
   */
  private static final String FORGE =
      """
      INSERT INTO events.events_raw
      SELECT * REPLACE ('nobody-sent-this' AS event_id, src_offset + 1000000000 AS src_offset)
      FROM events.events_raw WHERE source = '/demo/%s' LIMIT 1
      """;

  private static final String FORGED =
      "SELECT count() FROM events.events_raw"
          + " WHERE source = '/demo/%s' AND event_id = 'nobody-sent-this'";

  @Test
  void failsOverARowThatNobodySent(LocalStack stack) throws Exception {
    stack.ensureReady();

    Command demo = stack.startHere("demo", "--events", "1000", "--rate", "400");
    String run = await().atMost(LIMIT).until(() -> run(demo), name -> !name.isEmpty());
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> forged(stack, run) || !demo.isAlive());
    Answer answer = demo.end(LIMIT);

    assertThat(answer.out()).containsPattern("\\bphantom 1\\b").contains(": DOES NOT HOLD");
    assertThat(answer.code()).isEqualTo(1);
  }

  private static String run(Command demo) {
    Matcher line = RUN.matcher(demo.printed());
    return line.find() ? line.group(1) : "";
  }

  /** Whether the row is there; there is nothing to take it from before the first one. */
  private static boolean forged(LocalStack stack, String run)
      throws IOException, InterruptedException {
    asAdmin(stack, FORGE.formatted(run));
    return !asAdmin(stack, FORGED.formatted(run)).equals("0");
  }

  private static String asAdmin(LocalStack stack, String query)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(stack.address().clickhouse().resolve("/"))
            .header("X-ClickHouse-User", LocalAccess.ADMIN_USER)
            .header("X-ClickHouse-Key", LocalAccess.ADMIN_PASSWORD)
            .POST(BodyPublishers.ofString(query))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofString(UTF_8));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body().strip();
  }
}
