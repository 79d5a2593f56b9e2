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
import java.util.concurrent.atomic.AtomicInteger;
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
      FIRST
          .replace(
              "\"paper\":",
              "\"layers\":{\"type\":\"integer\",\"x-column\":\"gift_layers\"},\"paper\":")
          .replaceFirst("^\\{", "{\"examples\":[{\"layers\":2}],");

  private static final String THIRD =
      "{\"type\":\"object\",\"properties\":{\"sheets\":{\"type\":\"integer\"}},"
          + "\"required\":[\"sheets\"],\"additionalProperties\":false}";

  private static final String MIGRATED =
      "event_type = '"
          + TYPE
          + "' AND event_schema_version = 2 AND schema_version = 3"
          + " AND toString(data.sheets) = '4'";

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

    Answer held = stack.ask("schema", "check", TYPE, second.toString());
    assertThat(held.code()).isEqualTo(1);
    assertThat(held.out())
        .startsWith(TYPE + ": compatible (BACKWARD, STRICT); cannot be published yet:\n")
        .contains("\n  columns_missing: ");
    Answer early = stack.ask("schema", "register", TYPE, second.toString());
    assertThat(early.code()).isEqualTo(1);
    assertThat(early.err()).contains("columns_missing", "ALTER TABLE");
    assertThat(stack.ask("schema", "plan", TYPE, second.toString()).code()).isEqualTo(1);
    Answer applied = stack.ask("schema", "plan", TYPE, second.toString(), "--apply");
    assertThat(applied.code()).as(applied.out() + applied.err()).isZero();
    assertThat(stack.ask("schema", "register", TYPE, second.toString()).code()).isZero();

    send(stack, ofSecondVersion("gift-2", 3));
    awaitRow(stack, "SELECT gift_layers FROM processed WHERE event_id = 'gift-2'", "3");

    registersWhatWasChecked(stack);
    AtomicInteger sent = new AtomicInteger();
    await("the job leads events of version 2 on to version 3")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              send(stack, ofSecondVersion("gift-3-" + sent.incrementAndGet(), 4));
              return !stack
                  .ask("sql", "SELECT event_id FROM events_processed WHERE " + MIGRATED)
                  .out()
                  .isBlank();
            });
  }

  /** The same file and the same options check a migration and register it. */
  private void registersWhatWasChecked(LocalStack stack) throws Exception {
    Path third = Files.writeString(folder.resolve("third.json"), THIRD);
    Path wrong = Files.writeString(folder.resolve("wrong.jsonata"), "{\"sheets\": \"many\"}");
    Path right = Files.writeString(folder.resolve("right.jsonata"), "{\"sheets\": layers}");
    assertThat(evolve(stack, "register", third, right).err())
        .as("a migration is not compatibility unless the type's owner says so")
        .contains("incompatible_schema");
    acceptMigrations(stack);

    Answer fails = evolve(stack, "check", third, wrong);
    assertThat(fails.code()).isEqualTo(1);
    assertThat(fails.out()).contains("migration: fails; tried on 1 examples of version 2");
    Answer refused = evolve(stack, "register", third, wrong);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("migration_fails");
    Answer works = evolve(stack, "check", third, right);
    assertThat(works.code()).as(works.out() + works.err()).isZero();
    Answer done = evolve(stack, "register", third, right);
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.out()).startsWith(TYPE + "/3 is published, id ");
    assertThat(stack.ask("schema", "get", TYPE, "--json").out())
        .contains("\"supersedes\":2", "\"migration\":\"{\\\"sheets\\\": layers}\"");
  }

  private static Answer evolve(LocalStack stack, String verb, Path schema, Path migration)
      throws Exception {
    return stack.ask(
        "schema",
        verb,
        TYPE,
        schema.toString(),
        "--migration",
        migration.toString(),
        "--supersedes",
        "2");
  }

  private static void acceptMigrations(LocalStack stack) throws Exception {
    assertThat(
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(stack.address().registry().resolve("/config/" + TYPE))
                        .header("Authorization", "Bearer " + LocalAccess.REGISTRY_TOKEN)
                        .header("Content-Type", "application/json")
                        .PUT(
                            BodyPublishers.ofString(
                                "{\"compatibility\":\"BACKWARD\",\"acceptMigrations\":true}"))
                        .build(),
                    BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
  }

  /** By its number: who names none may be held against the version before for some seconds. */
  private static String ofSecondVersion(String id, int layers) {
    return "{\"type\":\""
        + TYPE
        + "\",\"dataschema\":\"schema:"
        + TYPE
        + "/2\",\"id\":\""
        + id
        + "\",\"data\":{\"layers\":"
        + layers
        + "}}";
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
