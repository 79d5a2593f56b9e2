package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** What a migration would do, before it is registered: to examples, and to stored events. */
@WithServices({Server.POSTGRES, Server.CLICKHOUSE})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MigrationDryRunIT {
  /** Cents as text in version 1, as a number in 2; units in the proposal. */
  private static final String TEXT =
      """
      {"type":"object","properties":{"cents":{"type":"string"}},"required":["cents"],
       "examples":[{"cents":"1990"}]}""";

  private static final String CENTS =
      """
      {"type":"object","properties":{"cents":{"type":"integer"}},"required":["cents"],
       "additionalProperties":false,"examples":[{"cents":1990}]}""";

  private static final String PRICE =
      """
      {"type":"object","properties":{"price":{"type":"number","minimum":0}},
       "required":["price"],"additionalProperties":false}""";

  private static final String TO_CENTS = "{\\\"cents\\\": $number(cents)}";
  private static final String TO_PRICE = "{\\\"price\\\": cents / 100}";

  private TestWarehouse warehouse;
  @AutoClose private TestRegistry registry;

  @BeforeAll
  void start(ServiceKit kit) throws Exception {
    warehouse = new TestWarehouse(kit.clickhouse());
    registry = TestRegistry.start(kit.postgres(), warehouse.config(TestWarehouse.BOUNDS));
    grow("dry.price");
    warehouse.arrive(
        """
        SELECT 'd-' || toString(number), '/it', 'dry.price', 'store-1', now64(3), 500000 + number,
          '{"type":"dry.price",' || multiIf(
            number < 10, '"dataschema":"schema:dry.price/1","data":{"cents":"19"}}',
            number < 13, '"data":{"cents":"secret"},"dataschema":"https://x/dry.price/1"}',
            number < 15, '"dataschema":"schema:dry.price/1","data":{}}',
            number < 35, '"dataschema":"schema:dry.price/2","data":{"cents":500}}',
            number < 39, '"dataschema":"schema:dry.price/2","data":{"cents":-500}}',
            '"data":{"price":1.5}}')
        FROM numbers(40)""");
  }

  private void grow(String type) throws Exception {
    registry.register(type, TEXT);
    Reply config =
        registry.call(
            "PUT", "/config/" + type, "{\"compatibility\":\"BACKWARD\",\"acceptMigrations\":true}");
    Reply second = register(type, CENTS, TO_CENTS);
    assertThat(config.status()).isEqualTo(200);
    assertThat(second.status()).as(second.raw().body()).isEqualTo(201);
  }

  @Test
  void triesTheMigrationOnTheExamples() throws Exception {
    JsonNode works = check("dry.price", TO_PRICE, "").json();
    JsonNode wrong = check("dry.price", "{\\\"price\\\": cents - 2000}", "").json();
    JsonNode none =
        registry.call("POST", "/schemas/dry.price/check", "{\"schema\":" + PRICE + "}").json();

    assertThat(works.path("compatible").asBoolean()).isTrue();
    assertThat(works.path("migration"))
        .hasToString("{\"from\":2,\"works\":true,\"examples\":1,\"objections\":[]}");
    assertThat(wrong.path("compatible").asBoolean(true)).isFalse();
    assertThat(wrong.path("migration").path("works").asBoolean(true)).isFalse();
    assertThat(wrong.path("migration").path("objections").path(0).asString())
        .contains("/examples/0 becomes {\"price\":-10}", "/price");
    assertThat(none.path("compatible").asBoolean(true)).isFalse();
    assertThat(none.has("migration")).isFalse();
    assertThat(registry.get("/schemas/dry.price/3").status())
        .as("nothing is stored")
        .isEqualTo(404);
  }

  @Test
  void refusesWhatRegistrationWouldRefuse() throws Exception {
    assertThat(check("dry.price", "{\\\"price\\\": cents", "").code())
        .isEqualTo("invalid_migration");
    JsonNode nowhere = check("dry.unknown", TO_PRICE, "").json();
    assertThat(nowhere.path("migration").path("works").asBoolean(true)).isFalse();
    assertThat(nowhere.path("migration").path("objections").path(0).asString())
        .contains("no published version");
  }

  @Test
  void runsMigrationsOnlyOfThoseWhoMayWrite() throws Exception {
    Reply reader =
        registry.send(
            registry
                .request(
                    "/schemas/dry.price/check",
                    "Authorization",
                    TestRegistry.READ,
                    "Content-Type",
                    "application/json")
                .POST(BodyPublishers.ofString("{\"schema\":{},\"migration\":\"{}\"}")));

    assertThat(reader.status()).isEqualTo(403);
  }

  @Test
  void triesTheMigrationOfADraft() throws Exception {
    grow("dry.draft");
    Reply draft =
        registry.post(
            "{\"type\":\"dry.draft\",\"status\":\"draft\",\"schema\":%s,\"migration\":\"%s\"}"
                .formatted(PRICE, TO_PRICE));

    JsonNode checked = registry.call("POST", "/schemas/dry.draft/check", "{\"version\":3}").json();

    assertThat(draft.status()).isEqualTo(201);
    assertThat(checked.path("migration").path("works").asBoolean()).isTrue();
    assertThat(checked.path("compatible").asBoolean()).isTrue();
  }

  @Test
  void leadsStoredEventsOnBeforeItHoldsThemAgainstTheProposal() throws Exception {
    JsonNode sample = check("dry.price", TO_PRICE, "?sample=100").json().path("sample");

    assertThat(sample.path("events").asInt()).as(sample.toString()).isEqualTo(40);
    assertThat(sample.path("migrated").asInt()).as("10 twice, 24 once").isEqualTo(34);
    assertThat(sample.path("migration_failed").asInt()).isEqualTo(3);
    assertThat(sample.path("rejected").asInt())
        .as("failed, invalid, negative")
        .isEqualTo(3 + 2 + 4);
    assertThat(sample.path("rejected_already").asInt()).as("all but the negative").isEqualTo(5);
    assertThat(sample.path("sentence").asString())
        .isEqualTo(
            "rejects 9 of 40: 4 × /data/price breaks minimum, 3 × /data cannot be migrated, 2 ×"
                + " /data/cents missing");
    JsonNode failure = sample.path("migration_failures").path(0);
    assertThat(failure.path("count").asInt()).isEqualTo(3);
    assertThat(failure.path("why").asString()).containsIgnoringCase("number");
    assertThat(failure.path("example").path("event_id").asString()).isIn("d-10", "d-11", "d-12");
    assertThat(sample.toString()).as("nothing of what is in an event").doesNotContain("secret");
  }

  @Test
  void holdsStoredEventsAgainstAProposalWithoutAMigrationAsTheNewestVersion() throws Exception {
    JsonNode sample =
        registry
            .call("POST", "/schemas/dry.price/check?sample=100", "{\"schema\":" + CENTS + "}")
            .json()
            .path("sample");

    assertThat(sample.path("migrated").asInt()).as("from text to number").isEqualTo(10);
    assertThat(sample.path("rejected").asInt()).as("failed, invalid, with a price").isEqualTo(6);
  }

  @Test
  void validatesTheVersionAskedForUnlessItIsToFollowTheWayUp() throws Exception {
    String event = "{\"version\":1,\"data\":{\"cents\":\"1990\"}}";
    JsonNode plain = validate("dry.price", "", event);
    JsonNode upcast = validate("dry.price", "?upcast=true", event);
    JsonNode fails =
        validate("dry.price", "?upcast=true", "{\"version\":1,\"data\":{\"cents\":\"x\"}}");
    JsonNode invalid = validate("dry.price", "?upcast=true", "{\"version\":1,\"data\":{}}");

    assertThat(plain.has("upcast")).isFalse();
    assertThat(upcast.path("valid").asBoolean()).isTrue();
    assertThat(upcast.path("upcast"))
        .hasToString(
            "{\"corrections\":0,\"validated_by\":1,\"migrations\":1,\"version\":2,"
                + "\"changed\":true,\"data\":{\"cents\":1990}}");
    assertThat(fails.path("valid").asBoolean(true)).isFalse();
    assertThat(fails.path("errors").path(0).path("keyword").asString()).isEqualTo("migration");
    assertThat(invalid.path("errors").path(0).path("keyword").asString()).isEqualTo("required");
    assertThat(validateStatus("dry.price", "?upcast=yes", event)).isEqualTo(400);
  }

  @Test
  void validatesByTheVersionThatCorrectsTheOneAskedFor() throws Exception {
    registry.register("dry.fixed", "{\"type\":\"object\",\"properties\":{\"n\":{\"minimum\":10}}}");
    Reply fix =
        registry.post(
            "{\"type\":\"dry.fixed\",\"supersedes\":1,\"schema\":"
                + "{\"type\":\"object\",\"properties\":{\"n\":{\"minimum\":1}}}}");
    String event = "{\"version\":1,\"data\":{\"n\":5}}";

    assertThat(fix.status()).as(fix.raw().body()).isEqualTo(201);
    assertThat(validate("dry.fixed", "", event).path("valid").asBoolean(true)).isFalse();
    JsonNode upcast = validate("dry.fixed", "?upcast=true", event);
    assertThat(upcast.path("valid").asBoolean()).isTrue();
    assertThat(upcast.path("upcast").path("validated_by").asInt()).isEqualTo(2);
    assertThat(upcast.path("version").asInt()).as("the one that was asked for").isEqualTo(1);
  }

  @Test
  void triesACorrectionOnTheEventsThatNameWhatItCorrects() throws Exception {
    registry.register("dry.bad", "{\"type\":\"object\",\"properties\":{\"n\":{\"minimum\":10}}}");
    warehouse.arrive(
        """
        SELECT 'b-' || toString(number), '/it', 'dry.bad', 'store-1', now64(3), 600000 + number,
          '{"type":"dry.bad","dataschema":"schema:dry.bad/1","data":{"n":5}}' FROM numbers(3)""");
    String schema = "{\"type\":\"object\",\"properties\":{\"n\":{\"minimum\":1}}}";

    Reply beside =
        registry.call("POST", "/schemas/dry.bad/check?sample=9", "{\"schema\":" + schema + "}");
    Reply instead =
        registry.call(
            "POST",
            "/schemas/dry.bad/check?sample=9",
            "{\"supersedes\":1,\"schema\":" + schema + "}");

    assertThat(beside.json().path("sample").path("rejected").asInt()).isEqualTo(3);
    assertThat(beside.json().path("sample").path("rejected_already").asInt()).isEqualTo(3);
    assertThat(instead.json().path("sample").path("rejected").asInt()).isZero();
  }

  private Reply register(String type, String schema, String migration) throws Exception {
    return registry.post(
        "{\"type\":\"%s\",\"schema\":%s,\"migration\":\"%s\"}".formatted(type, schema, migration));
  }

  private Reply check(String type, String migration, String query) throws Exception {
    return registry.call(
        "POST",
        "/schemas/" + type + "/check" + query,
        "{\"schema\":%s,\"migration\":\"%s\"}".formatted(PRICE, migration));
  }

  private JsonNode validate(String type, String query, String body) throws Exception {
    Reply reply = registry.call("POST", "/schemas/" + type + "/validate" + query, body);
    assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
    return reply.json();
  }

  private int validateStatus(String type, String query, String body) throws Exception {
    return registry.call("POST", "/schemas/" + type + "/validate" + query, body).status();
  }
}
