package io.eventpipeline.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventpipeline.launcher.Command.Answer;
import io.eventpipeline.launcher.stack.LocalAccess;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A schema owner's day, from the command line, on the whole system. */
@ExtendWith(SharedStack.class)
class SchemaCommandIT {
  private static final String TYPE = "it.gift_wrapped";

  private static final String FIRST =
      "{\"type\":\"object\",\"properties\":{\"paper\":{\"type\":\"string\"}},"
          + "\"additionalProperties\":false}";

  private static final String SECOND =
      FIRST.replace(
          "\"paper\":",
          "\"layers\":{\"type\":\"integer\",\"x-column\":\"gift_layers\"},\"paper\":");

  @TempDir Path folder;

  @Test
  void leadsAnEventTypeFromItsFirstVersionToAColumn(LocalStack stack) throws Exception {
    stack.ensureReady();
    Path first = Files.writeString(folder.resolve("first.json"), FIRST);
    Path second = Files.writeString(folder.resolve("second.json"), SECOND);
    Path bad =
        Files.writeString(
            folder.resolve("bad.json"),
            FIRST.replace("\"properties\"", "\"required\":[\"paper\"],\"properties\""));

    Answer registered = stack.ask("schema", "register", TYPE, first.toString());
    assertThat(registered.code()).as(registered.err()).isZero();
    assertThat(registered.out()).startsWith(TYPE + "/1 is published, id ");
    assertThat(stack.ask("schema", "list", "--type", TYPE).out()).contains(TYPE + "  1 ");

    send(stack, "{\"type\":\"" + TYPE + "\",\"id\":\"gift-1\",\"data\":{}}");
    awaitRow(stack, "SELECT count() FROM events_processed WHERE event_id = 'gift-1'", "1");
    Answer sampled = stack.ask("schema", "check", TYPE, bad.toString(), "--sample", "100");
    assertThat(sampled.code()).isEqualTo(1);
    assertThat(sampled.out())
        .contains("REQUIRED_PROPERTY_ADDED", "rejects 1 of 1: 1 × /data/paper missing")
        .contains("event gift-1 of store-1");

    Answer early = stack.ask("schema", "register", TYPE, second.toString());
    assertThat(early.code()).isEqualTo(1);
    assertThat(early.err()).contains("columns_missing", "ALTER TABLE");
    assertThat(stack.ask("schema", "plan", TYPE, second.toString()).code()).isEqualTo(1);
    Answer applied = stack.ask("schema", "plan", TYPE, second.toString(), "--apply");
    assertThat(applied.code()).as(applied.out() + applied.err()).isZero();
    assertThat(stack.ask("schema", "register", TYPE, second.toString()).code()).isZero();

    // By its number: who names none may be held against the version before for some seconds
    send(
        stack,
        "{\"type\":\""
            + TYPE
            + "\",\"dataschema\":\"schema:"
            + TYPE
            + "/2\",\"id\":\"gift-2\",\"data\":{\"layers\":3}}");
    awaitRow(stack, "SELECT gift_layers FROM processed WHERE event_id = 'gift-2'", "3");
  }

  private static void send(LocalStack stack, String event) throws Exception {
    // The edge and the job see a new version within seconds
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                HttpClient.newHttpClient()
                        .send(
                            HttpRequest.newBuilder(stack.address().edge().resolve("/v1/events"))
                                .header("Authorization", "Bearer " + LocalAccess.WRITE_KEYS.get(0))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(event))
                                .build(),
                            BodyHandlers.ofString())
                        .statusCode()
                    == 202);
  }

  private static void awaitRow(LocalStack stack, String query, String expected) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(stack.ask("sql", query).out().strip()).isEqualTo(expected));
  }
}
