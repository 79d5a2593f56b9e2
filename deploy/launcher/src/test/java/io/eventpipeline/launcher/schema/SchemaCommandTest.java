package io.eventpipeline.launcher.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.launcher.cli.UsageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against answers as the registry gives them; the registry itself is in {@code SchemaCommandIT}.
 */
class SchemaCommandTest {
  private static final String INCOMPATIBLE =
      """
      {"type":"t","compatible":false,"level":"BACKWARD","policy":"STRICT","verdict":"incompatible",
       "schema_verdict":"incompatible",
       "findings":[{"rule":"MINIMUM_RAISED","direction":"BACKWARD","against":3,
         "pointer":"/properties/n/minimum","old":1,"new":5,"message":"Too small\\u001b[31m.",
         "change":{"op":"replace","path":"/properties/n/minimum","value":1}}],
       "findings_left_out":2,"detail":"Against version 3: MINIMUM_RAISED"}""";

  private static final String OBSTRUCTED =
      """
      {"type":"t","compatible":false,"level":"BACKWARD","policy":"STRICT","verdict":"incompatible",
       "schema_verdict":"compatible","findings":[],"findings_left_out":0,"forgiven":[],
       "detail":"The schema calls for columns that are not there.",
       "obstacles":[{"code":"columns_missing",
         "detail":"The schema calls for columns that are not there"}]}""";

  private static final String SAMPLED =
      """
      {"type":"t","compatible":true,"level":"BACKWARD","policy":"STRICT","findings":[],
       "sample":{"sentence":"rejects 3 of 10: 3 × /data/n missing","events":10,"rejected":3,
         "rejected_already":%d,"matching":10,"one_in":1,"complete":%s,"stopped_by":"time","reasons":[{"pointer":"/n",
         "keyword":"required","count":3,"example":{"event_id":"e-1","source":"/s",
         "store_id":"store-1","received_at":"2026-11-01T00:00:00Z"}}]}}""";

  @TempDir Path folder;
  private CannedRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = new CannedRegistry();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private record Outcome(int code, String out, String err) {}

  private Outcome run(String stdin, String... args) throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        SchemaCommand.parse(List.of(args), Map.of(), registry.url(), "local-token")
            .run(
                new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void showsEachFindingWithItsPlaceAndTheSmallestChange() throws Exception {
    registry.answer = INCOMPATIBLE;

    Outcome outcome = run("{\"a\":1}", "check", "t", "-", "--level", "FULL");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out())
        .isEqualTo(
            """
            t: not compatible (BACKWARD, STRICT)
            VERSION  RULE            POINTER                SMALLEST CHANGE
            3        MINIMUM_RAISED  /properties/n/minimum  replace /properties/n/minimum = 1
                     Too small?[31m.
                     old: 1  new: 5
            and 2 more
            """);
    assertThat(registry.requests)
        .containsExactly(
            "POST /schemas/t/check Bearer local-token {\"schema\":{\"a\":1},\"level\":\"FULL\"}");
  }

  @Test
  void printsTheAnswerAsItCameForMachines() throws Exception {
    registry.answer = INCOMPATIBLE;
    Path file = Files.writeString(folder.resolve("s.json"), "{}");

    Outcome outcome = run("", "check", "t", file.toString(), "--json");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).isEqualTo(INCOMPATIBLE + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ids", "guids/1", "types/latest"})
  void saysThatANameIsReservedInsteadOfAskingForIt(String name) {
    assertThatThrownBy(() -> run("", "get", name))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("' is reserved: no event type has this name");
    assertThat(registry.requests).isEmpty();
  }

  @Test
  void showsARefusalThatIsNoProblemDocument() throws Exception {
    registry.status = 404;
    registry.answer = "{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}";

    assertThat(run("", "get", "t").err())
        .isEqualTo("deploy/local: the registry refuses: " + registry.answer + "\n");
  }

  @Test
  void showsWhatElseStandsInTheWayOfPublishing() throws Exception {
    registry.answer =
        INCOMPATIBLE.replace(
            "\"findings_left_out\"",
            "\"obstacles\":[{\"code\":\"columns_missing\",\"detail\":\"a column is missing\"}],"
                + "\"findings_left_out\"");

    Outcome outcome = run("{}", "check", "t", "-");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out())
        .startsWith("t: not compatible (BACKWARD, STRICT)\n")
        .endsWith(
            """
            and 2 more
            also in the way of publishing:
              columns_missing: a column is missing
            """);
  }

  @Test
  void tellsAnIncompatibleSchemaFromOneThatCannotBePublishedYet() throws Exception {
    registry.answer = OBSTRUCTED;

    Outcome outcome = run("{}", "check", "t", "-");

    assertThat(outcome.code()).as("CI is to wait for the columns").isEqualTo(1);
    assertThat(outcome.out())
        .isEqualTo(
            """
            t: compatible (BACKWARD, STRICT); cannot be published yet:
              columns_missing: The schema calls for columns that are not there
            """);
  }

  @Test
  void believesARegistryThatDoesNotTellTheTwoApart() throws Exception {
    registry.answer = OBSTRUCTED.replace("\"schema_verdict\":\"compatible\",", "");

    Outcome outcome = run("{}", "check", "t", "-");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out())
        .startsWith("t: not compatible (BACKWARD, STRICT)\n")
        .contains("\n  columns_missing: ");
  }

  @Test
  void saysWhenItCannotBeDecided() throws Exception {
    registry.answer =
        """
        {"type":"t","compatible":false,"level":"BACKWARD","policy":"STRICT","verdict":"unknown",
         "schema_verdict":"unknown","findings":[],"findings_left_out":0,"forgiven":[],
         "detail":"It cannot be shown that the schema is compatible."}""";

    Outcome outcome = run("{}", "check", "t", "-");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out())
        .isEqualTo(
            """
            t: not compatible (BACKWARD, STRICT)
              It cannot be shown that the schema is compatible.
            """);
  }

  @ParameterizedTest
  @CsvSource({"0, true, 1", "3, true, 0", "3, false, 2", "0, false, 1"})
  void failsWhenStoredEventsAreOrMayBeRejectedThatAreAcceptedToday(
      int already, boolean complete, int code) throws Exception {
    registry.answer = SAMPLED.formatted(already, complete);

    Outcome outcome = run("{}", "check", "t", "-", "--sample", "10");

    assertThat(outcome.code()).isEqualTo(code);
    assertThat(outcome.out())
        .contains("stored events: rejects 3 of 10")
        .contains("3 × /data/n (required), such as event e-1 of store-1 /s");
    assertThat(registry.requests.get(0)).startsWith("POST /schemas/t/check?sample=10 ");
  }

  @Test
  void sendsTheMigrationAndFailsWhenItDoes() throws Exception {
    Path migration = Files.writeString(folder.resolve("up.jsonata"), "{\"n\": m}");
    registry.answer =
        """
        {"type":"t","compatible":true,"level":"NONE","policy":"STRICT","findings":[],
         "migration":{"from":2,"works":false,"examples":3,"objections":["Of version 2, no."]},
         "sample":{"sentence":"rejects 1 of 9: 1 × /data cannot be migrated","events":9,
           "rejected":1,"rejected_already":1,"migrated":8,"migration_failed":1,
           "migration_failures":[{"why":"not a number","count":1,"example":{"event_id":"e-7"}}]}}""";

    Outcome outcome =
        run("{}", "check", "t", "-", "--migration", migration.toString(), "--supersedes", "2");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out())
        .startsWith("t: compatible (NONE, STRICT); cannot be published yet:\n")
        .contains("migration: fails; tried on 3 examples of version 2\n  Of version 2, no.\n")
        .contains("  8 were migrated before\n")
        .contains("  1 × not a number, such as event e-7\n");
    assertThat(registry.requests.get(0))
        .endsWith("{\"schema\":{},\"migration\":\"{\\\"n\\\": m}\",\"supersedes\":2}");
    registry.answer = registry.answer.replace("\"works\":false", "\"works\":true");
    Outcome works = run("{}", "check", "t", "-");
    assertThat(works.code()).isZero();
    assertThat(works.out()).startsWith("t: compatible (NONE, STRICT)\nmigration: works on 3");
  }

  @ParameterizedTest
  @CsvSource({
    "404,1", "409,1", "413,1", "422,1", "400,2", "401,2", "403,2", "500,2", "501,2", "503,2"
  })
  void tellsARefusedSchemaFromARequestThatWasNotDone(int given, int code) throws Exception {
    registry.status = given;
    registry.answer = "{\"code\":\"some_code\",\"title\":\"T\",\"detail\":\"some detail\"}";

    for (String verb : List.of("check", "register", "plan")) {
      Outcome outcome = run("{}", verb, "t", "-");
      assertThat(outcome.code()).as(verb).isEqualTo(code);
      assertThat(outcome.err()).isEqualTo("deploy/local: some_code: some detail\n");
      assertThat(run("{}", verb, "t", "-", "--json").out()).isEqualTo(registry.answer + "\n");
    }
  }

  @Test
  void readsEveryPageOfAList() throws Exception {
    registry.answer =
        "{\"schemas\":[{\"type\":\"t\",\"version\":1,\"status\":\"published\"}],\"next\":null}";

    Outcome outcome = run("", "list", "--type", "t");

    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .contains("TYPE  VERSION  STATUS")
        .contains("t     1        published");
    assertThat(registry.requests.get(0)).startsWith("GET /schemas?limit=100&type=t ");
  }

  @Test
  void getsTheNewestVersionOrTheNamedOne() throws Exception {
    registry.answer = "{\"schema\":{\"title\":\"x\"}}";

    assertThat(run("", "get", "t").out()).contains("\"title\" : \"x\"");
    run("", "get", "t/7");

    assertThat(registry.requests.get(0)).startsWith("GET /schemas/t/latest ");
    assertThat(registry.requests.get(1)).startsWith("GET /schemas/t/7 ");
  }

  @Test
  void sendsWhatIsToBeRegistered() throws Exception {
    registry.status = 201;
    registry.answer = "{\"type\":\"t\",\"version\":2,\"status\":\"draft\",\"id\":9}";

    Outcome outcome =
        run("{}", "register", "t", "-", "--draft", "--reason", "why", "--references", "n=o/1");

    assertThat(outcome.out()).isEqualTo("t/2 is draft, id 9\n");
    assertThat(registry.requests.get(0))
        .endsWith(
            "{\"schema\":{},\"references\":[{\"name\":\"n\",\"type\":\"o\",\"version\":1}],"
                + "\"type\":\"t\",\"reason\":\"why\",\"status\":\"draft\"}");
  }

  @Test
  void registersTheMigrationThatWasChecked() throws Exception {
    Path migration = Files.writeString(folder.resolve("up.jsonata"), "{\"n\": m}");
    registry.answer = "{\"type\":\"t\",\"version\":3,\"status\":\"published\",\"id\":9}";

    run("{}", "register", "t", "-", "--migration", migration.toString(), "--supersedes", "2");

    assertThat(registry.requests.get(0))
        .endsWith(
            "{\"schema\":{},\"type\":\"t\",\"migration\":\"{\\\"n\\\": m}\",\"supersedes\":2}");
  }

  @Test
  void sendsTheLocalTokenNowhereElse() throws Exception {
    assertThatThrownBy(() -> run("", "list", "--registry", registry.url().toString()))
        .isInstanceOf(UsageException.class)
        .hasMessage("--registry needs --token, or SCHEMA_REGISTRY_TOKEN");
    registry.answer = "{\"schemas\":[],\"next\":null}";

    run("", "list", "--registry", registry.url().toString(), "--token", "mine");

    assertThat(registry.requests).hasSize(1).first().asString().contains("Bearer mine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "drop",
        "list x",
        "get",
        "get a b",
        "check t",
        "check t - --apply",
        "check t - --supersedes x",
        "check t - --migration /nowhere/at/all",
        "register t - --supersedes 0",
        "register t - --migration /nowhere/at/all",
        "register t - --sample 1",
        "list --registry ftp://x --token t",
        "list --registry : --token t"
      })
  void refusesACommandLineThatItDoesNotUnderstand(String line) {
    assertThatThrownBy(() -> run("{}", line.isEmpty() ? new String[0] : line.split(" ")))
        .isInstanceOf(UsageException.class);
    assertThat(registry.requests).isEmpty();
  }

  @Test
  void refusesWhatIsNoJsonBeforeItIsSent() throws Exception {
    Outcome broken = run("{\n\"a\":", "check", "t", "-");
    Outcome empty = run("", "check", "t", "-");

    assertThat(broken.code()).isEqualTo(1);
    assertThat(broken.err()).startsWith("deploy/local: - is not JSON, line 2: ");
    assertThat(empty.code()).isEqualTo(1);
    assertThatThrownBy(() -> run("", "check", "t", folder.resolve("none").toString()))
        .isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> run("{}", "check", "../x", "-")).isInstanceOf(UsageException.class);
    assertThat(registry.requests).isEmpty();
  }

  @Test
  void saysWhenNoRegistryAnswers() throws Exception {
    registry.answer = "<html>";
    Outcome another = run("", "get", "t");
    registry.close();
    Outcome gone = run("", "get", "t");

    assertThat(another.code()).isEqualTo(2);
    assertThat(another.err()).contains("that is no registry");
    assertThat(gone.code()).isEqualTo(2);
    assertThat(gone.err()).startsWith("deploy/local: no registry answers at " + registry.url());
  }
}
