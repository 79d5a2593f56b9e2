package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.schema.Reading;
import io.eventpipeline.schema.SchemaClient;
import io.eventpipeline.schema.SchemaClientConfig;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Versions that follow from each other: by migration, as they are, or as a correction. */
@WithServices(Server.POSTGRES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvolutionIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Price in cents, with two examples. */
  private static final String CENTS =
      """
      {"type":"object","properties":{"sku":{"type":"string"},"cents":{"type":"integer"}},
       "required":["sku","cents"],"additionalProperties":false,
       "examples":[{"sku":"A","cents":1990},{"sku":"B","cents":5}]}""";

  /** Price in units: nothing of the version before is valid. */
  private static final String PRICE =
      """
      {"type":"object","properties":{"sku":{"type":"string"},
       "price":{"type":"number","minimum":0.1}},
       "required":["sku","price"],"additionalProperties":false}""";

  private static final String TO_PRICE = "{\\\"sku\\\": sku, \\\"price\\\": cents / 100 + 1}";

  @AutoClose private TestRegistry registry;

  @BeforeAll
  void start(ServiceKit kit) throws Exception {
    registry = TestRegistry.start(kit.postgres());
  }

  @Test
  void refusesWhatIsIncompatibleDespiteAMigrationUnlessThePolicySaysSo() throws Exception {
    registry.register("evo.policy", CENTS);

    Reply strict = register("evo.policy", PRICE, TO_PRICE, "");
    acceptMigrations("evo.policy", "BACKWARD");
    Reply accepted = register("evo.policy", PRICE, TO_PRICE, "");

    assertThat(strict.code()).isEqualTo("incompatible_schema");
    assertThat(accepted.status()).isEqualTo(201);
    assertThat(accepted.json().path("migration").asString())
        .isEqualTo("{\"sku\": sku, \"price\": cents / 100 + 1}");
    assertThat(accepted.json().path("upcasts_from").asInt()).isEqualTo(1);
    Reply read = registry.get("/schemas/evo.policy/2");
    assertThat(read.json()).isEqualTo(accepted.json());
    assertThat(
            registry
                .get("/schemas/evo.policy/2/history")
                .json()
                .path("history")
                .findValuesAsString("action"))
        .containsExactly("publish, with a migration");
    Reply config = registry.call("GET", "/config/evo.policy", null);
    assertThat(config.json().path("acceptMigrations").asBoolean(false)).isTrue();
  }

  @Test
  void holdsTheOtherDirectionAndTheVersionsOutOfReachAgainstIt() throws Exception {
    registry.register("evo.full", CENTS);
    acceptMigrations("evo.full", "FULL");
    assertThat(register("evo.full", PRICE, TO_PRICE, "").code()).isEqualTo("incompatible_schema");

    registry.register("evo.far", "{\"type\":\"object\",\"properties\":{\"old\":{\"const\":1}}}");
    config("evo.far", "{\"compatibility\":\"NONE\"}");
    registry.register("evo.far", CENTS);
    acceptMigrations("evo.far", "BACKWARD_TRANSITIVE");
    Reply far = register("evo.far", PRICE, TO_PRICE, "");
    assertThat(far.code()).isEqualTo("incompatible_schema");
    assertThat(far.json().path("detail").asString())
        .contains("Against version 1")
        .doesNotContain("Against version 2");
  }

  @Test
  void needsAnExampleBeforeAMigrationStandsInForCompatibility() throws Exception {
    registry.register("evo.bare", "{\"type\":\"object\",\"required\":[\"cents\"]}");
    acceptMigrations("evo.bare", "BACKWARD");

    assertThat(register("evo.bare", PRICE, TO_PRICE, "").code()).isEqualTo("incompatible_schema");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {\\"sku\\": sku                      | invalid_migration | character
          {\\"sku\\": $summ(cents)}            | invalid_migration | at character 8: there is no $summ
          $contains(sku, /(a+)+$/)             | invalid_migration | at character 15: regular expressions
          {\\"sku\\": sku}                     | migration_fails   | /examples/0 becomes {"sku":"A"}, which is not valid: /price
          {\\"sku\\": sku, \\"price\\": cents / 100} | migration_fails | /examples/1 becomes {"sku":"B","price":0.05}, which is not valid: /price
          cents                                | migration_fails   | data must be an object
          cents > 10 ? {\\"sku\\":sku,\\"price\\":1} : $error(\\"too cheap\\") | migration_fails | /examples/1 cannot be migrated: too cheap
          [1..10000000]                        | migration_fails   | larger than
          ($f := function($x){$f($x)}; $f(1))  | migration_fails   | steps
          """)
  void refusesAMigrationThatDoesNotDoWhatItShouldAndSaysWhere(
      String migration, String code, String where) throws Exception {
    String type = "evo.refused" + Integer.toHexString(migration.hashCode());
    registry.register(type, CENTS);
    acceptMigrations(type, "BACKWARD");

    Reply refused = register(type, PRICE, migration, "");

    assertThat(refused.status()).as(refused.raw().body()).isEqualTo(422);
    assertThat(refused.code()).isEqualTo(code);
    assertThat(refused.json().path("detail").asString()).contains(where);
    assertThat(registry.get("/schemas/" + type + "/2").code()).isEqualTo("unknown_version");
  }

  @Test
  void refusesAMigrationFromNowhere() throws Exception {
    Reply first = register("evo.first", PRICE, TO_PRICE, "");

    assertThat(first.code()).isEqualTo("migration_fails");
    assertThat(first.json().path("detail").asString()).contains("no published version");
  }

  @Test
  void keepsTheMigrationOfADraftOpenAndThatOfAPublishedVersionForGood() throws Exception {
    registry.register("evo.draft", CENTS);
    acceptMigrations("evo.draft", "BACKWARD");
    Reply draft = register("evo.draft", PRICE, "sku", ",\"status\":\"draft\"");
    assertThat(draft.status()).as("it is tried when it is published").isEqualTo(201);
    assertThat(publish("evo.draft", 2).code()).isEqualTo("migration_fails");

    Reply bare = put("evo.draft", 2, "{\"migration\":null}");
    assertThat(bare.json().has("migration")).isFalse();
    assertThat(publish("evo.draft", 2).code()).isEqualTo("incompatible_schema");
    Reply edited = put("evo.draft", 2, "{\"migration\":\"" + TO_PRICE + "\"}");
    assertThat(edited.json().path("schema")).isEqualTo(draft.json().path("schema"));
    assertThat(edited.json().has("upcasts_from")).isFalse();
    Reply published = publish("evo.draft", 2);

    assertThat(published.json().path("upcasts_from").asInt()).isEqualTo(1);
    assertThat(put("evo.draft", 2, "{\"migration\":\"$\"}").code()).isEqualTo("not_a_draft");
    assertThat(put("evo.draft", 2, "{\"migration\":\"$eval(a)\"}").code())
        .isEqualTo("invalid_migration");
    for (String column :
        new String[] {
          "migration = 'x'",
          "upcasts_from = NULL",
          "supersedes = 1",
          "content_id = (SELECT max(content_id) FROM registry.schema_version WHERE version = 1)",
          "description = 'x'",
          "published_at = now()"
        }) {
      assertThatThrownBy(
              () ->
                  execute(
                      "UPDATE registry.schema_version SET "
                          + column
                          + " WHERE type = 'evo.draft' AND version = 2"))
          .hasMessageContaining("cannot change");
    }
    assertThat(
            registry
                .get("/schemas/evo.draft/2/history")
                .json()
                .path("history")
                .findValuesAsString("action"))
        .containsExactly("draft, with a migration", "edit", "edit, with a migration", "publish");
  }

  @Test
  void takesTheSameAgainAndRefusesTheSameWithAnotherMigration() throws Exception {
    registry.register("evo.again", CENTS);
    acceptMigrations("evo.again", "BACKWARD");
    register("evo.again", PRICE, TO_PRICE, "");

    assertThat(register("evo.again", PRICE, TO_PRICE, "").status()).isEqualTo(200);
    assertThat(registry.register("evo.again", PRICE).status()).isEqualTo(200);
    assertThat(register("evo.again", PRICE, TO_PRICE + " ", "").code())
        .isEqualTo("duplicate_content");
  }

  @Test
  void knowsWithoutAMigrationWhoseDataFitsAsItIs() throws Exception {
    registry.register("evo.fits", "{\"type\":\"object\",\"required\":[\"a\",\"b\"]}");
    Reply wider = registry.register("evo.fits", "{\"type\":\"object\",\"required\":[\"a\"]}");
    config("evo.fits", "{\"compatibility\":\"NONE\"}");
    Reply other = registry.register("evo.fits", "{\"type\":\"object\",\"required\":[\"c\"]}");

    assertThat(wider.json().path("upcasts_from").asInt()).isEqualTo(1);
    assertThat(other.json().has("upcasts_from")).isFalse();
  }

  @Test
  void letsAVersionCorrectAnEarlierOneOfItsTypeAndNoOther() throws Exception {
    registry.register("evo.fix", "{\"type\":\"object\",\"required\":[\"a\",\"typo\"]}");
    Reply fix = fix("evo.fix", "{\"type\":\"object\",\"required\":[\"a\"]}", "1");
    assertThat(fix.status()).isEqualTo(201);
    assertThat(fix.json().path("supersedes").asInt()).isEqualTo(1);
    assertThat(
            registry
                .get("/schemas/evo.fix/2/history")
                .json()
                .path("history")
                .findValuesAsString("action"))
        .containsExactly("publish, supersedes 1");

    String next = "{\"type\":\"object\",\"title\":\"next\"}";
    assertThat(fix("evo.fix", next, "1").json().path("detail").asString())
        .contains("version 2 does: supersede that one");
    assertThat(fix("evo.fix", next, "9").code()).isEqualTo("cannot_supersede");
    assertThat(fix("evo.fix", next, "3").code()).as("itself").isEqualTo("cannot_supersede");
    assertThat(fix("evo.fix", next, "\"cart.viewed/1\"").code()).isEqualTo("invalid_request");
    assertThat(fix("evo.fix", next, "0").code()).isEqualTo("invalid_request");
    Reply draft = register("evo.fix", next, "$", ",\"status\":\"draft\",\"supersedes\":3");
    assertThat(draft.code()).as("a draft that would be version 3").isEqualTo("cannot_supersede");

    Reply second = register("evo.fix", next, "$", ",\"status\":\"draft\",\"supersedes\":1");
    int version = second.json().path("version").asInt();
    assertThat(put("evo.fix", version, "{\"supersedes\":" + version + "}").code())
        .isEqualTo("cannot_supersede");
    assertThat(publish("evo.fix", version).code()).isEqualTo("cannot_supersede");
    assertThat(put("evo.fix", version, "{\"supersedes\":2}").status()).isEqualTo(200);
    assertThat(publish("evo.fix", version).status()).isEqualTo(200);
    assertThat(registry.get("/schemas/evo.fix/" + version).json().path("supersedes").asInt())
        .isEqualTo(2);
  }

  @Test
  void leadsAClientFromTheOldVersionToTheNewOne() throws Exception {
    registry.register("evo.client", CENTS);
    acceptMigrations("evo.client", "BACKWARD");
    try (SchemaClient client =
        new SchemaClient(SchemaClientConfig.of(registry.url(), "read-token-1"))) {
      client.preload();
      assertThat(client.find("evo.client", 1).reading().version()).isEqualTo(1);

      register("evo.client", PRICE, TO_PRICE, "");
      client.preload();

      Reading reading = client.find("evo.client", 1).reading();
      assertThat(reading.version()).isEqualTo(2);
      assertThat(reading.read(JSON.readTree("{\"sku\":\"A\",\"cents\":1990}")).data())
          .hasToString("{\"sku\":\"A\",\"price\":20.9}");
      assertThat(reading.read(JSON.readTree("{\"sku\":\"A\"}")).violations()).hasSize(1);
    }
  }

  private Reply register(String type, String schema, String migration, String more)
      throws Exception {
    return registry.post(
        "{\"type\":\"%s\",\"schema\":%s,\"migration\":\"%s\"%s}"
            .formatted(type, schema, migration, more));
  }

  private Reply fix(String type, String schema, String supersedes) throws Exception {
    return registry.post(
        "{\"type\":\"%s\",\"schema\":%s,\"supersedes\":%s}".formatted(type, schema, supersedes));
  }

  private Reply publish(String type, int version) throws Exception {
    return registry.call("POST", "/schemas/" + type + "/" + version + "/publish", null);
  }

  private Reply put(String type, int version, String body) throws Exception {
    return registry.call("PUT", "/schemas/" + type + "/" + version, body);
  }

  private void acceptMigrations(String type, String level) throws Exception {
    config(type, "{\"compatibility\":\"" + level + "\",\"acceptMigrations\":true}");
  }

  private void config(String type, String body) throws Exception {
    assertThat(registry.call("PUT", "/config/" + type, body).status()).isEqualTo(200);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = registry.database().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
