package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@WithServices({Server.POSTGRES, Server.CLICKHOUSE})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ColumnPlanIT {
  private static final String EVERY_TYPE =
      """
      {"properties":{
        "gift":{"type":"object","properties":{
          "wrap":{"type":"boolean","x-column":"gift_wrap"},
          "note":{"type":["string","null"],"x-column":"gift_note"}}},
        "level":{"enum":["a","b"],"type":"string","x-column":"level"},
        "pieces":{"$ref":"#/$defs/count","x-column":"pieces"},
        "weight":{"type":"number","x-column":"weight"},
        "net":{"type":"number","multipleOf":0.01,"x-column":"net_amount"},
        "fee":{"type":"number","x-column":{"name":"fee","type":"decimal"}},
        "at":{"type":"string","format":"date-time","x-column":"shipped_at"},
        "day":{"type":"string","format":"date","x-column":"shipping_day"},
        "order-id":{"type":"string","format":"uuid","x-column":"order_uuid"}},
       "$defs":{"count":{"type":"integer"}}}""";

  private static final String ROW =
      "{\"gift\":{\"wrap\":true,\"note\":\"2026-01-01\"},\"level\":\"a\",\"pieces\":2.0,"
          + "\"weight\":3,\"net\":19.9,\"fee\":7,\"at\":\"2026-11-01T10:00:00.123456+02:00\","
          + "\"day\":\"2026-11-02\",\"order-id\":\"6f1b6f0e-6d8d-4b0a-9c0e-1f1d0c9b8a70\"}";

  private static final String OTHER_TYPES =
      "{\"gift\":{\"wrap\":\"yes\",\"note\":1},\"level\":[1],\"pieces\":\"many\",\"weight\":{},"
          + "\"net\":\"x\",\"fee\":true,\"at\":\"soon\",\"day\":5,\"order-id\":\"no\"}";

  private static final String COLUMNS =
      "gift_wrap, gift_note, level, pieces, weight, net_amount, fee, shipped_at, shipping_day,"
          + " order_uuid";

  private TestWarehouse warehouse;
  @AutoClose private TestRegistry registry;

  @BeforeAll
  void start(ServiceKit kit) throws Exception {
    warehouse = new TestWarehouse(kit.clickhouse());
    registry = TestRegistry.start(kit.postgres(), warehouse.config(TestWarehouse.BOUNDS));
  }

  @Test
  void leadsAFieldFromItsSchemaToAColumnThatTheAnalystReads() throws Exception {
    warehouse.process("before", "it.gift", ROW);
    Reply draft =
        registry.call(
            "POST",
            "/schemas",
            "{\"type\":\"it.gift\",\"status\":\"draft\",\"schema\":" + EVERY_TYPE + "}");
    assertThat(draft.status()).isEqualTo(201);

    Reply tooEarly = registry.call("POST", "/schemas/it.gift/1/publish", null);
    assertThat(tooEarly.status()).isEqualTo(409);
    assertThat(tooEarly.code()).isEqualTo("columns_missing");
    assertThat(tooEarly.json().path("statements")).hasSize(11);
    assertThat(tooEarly.json().path("detail").asString())
        .contains("ADD COLUMN IF NOT EXISTS `gift_wrap` Nullable(Bool)");
    assertThat(registry.register("it.gift", EVERY_TYPE).code()).isEqualTo("columns_missing");
    for (String body : new String[] {"{\"version\":1}", "{\"schema\":" + EVERY_TYPE + "}"}) {
      JsonNode checked = registry.call("POST", "/schemas/it.gift/check", body).json();
      assertThat(checked.path("compatible").asBoolean(true)).isFalse();
      assertThat(checked.path("schema_verdict").asString()).isEqualTo("compatible");
      assertThat(checked.path("obstacles").findValuesAsString("code"))
          .containsExactly("columns_missing");
      assertThat(checked.path("detail").asString())
          .contains(tooEarly.json().path("detail").asString());
    }

    JsonNode shown = plan("it.gift", "{\"version\":1}", "").json();
    assertThat(shown.path("ready").asBoolean(true)).isFalse();
    assertThat(shown.path("columns").findValuesAsString("state")).containsOnly("missing");
    assertThat(shown.path("statements")).isEqualTo(tooEarly.json().path("statements"));

    JsonNode applied = plan("it.gift", "{\"version\":1}", "?apply=true").json();
    assertThat(applied.path("applied").asBoolean()).isTrue();
    assertThat(applied.path("ready").asBoolean()).isTrue();
    assertThat(registry.call("POST", "/schemas/it.gift/1/publish", null).status()).isEqualTo(200);

    warehouse.process("after", "it.gift", ROW);
    warehouse.process("others", "it.else", OTHER_TYPES);
    warehouse.process("none", "it.else", "{}");
    String expected =
        "true\t2026-01-01\ta\t2\t3\t19.9\t7\t2026-11-01 08:00:00.123456\t2026-11-02"
            + "\t6f1b6f0e-6d8d-4b0a-9c0e-1f1d0c9b8a70";
    String nothing = "\\N\t\t\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N";
    assertThat(row("before")).as("rows that were there").isEqualTo(expected);
    assertThat(row("after")).isEqualTo(expected);
    assertThat(row("others")).as("no insert fails").isEqualTo(nothing);
    assertThat(row("none")).isEqualTo(nothing);
    assertThat(plan("it.gift", "{\"version\":1}", "?apply=true").json().path("applied"))
        .as("nothing is left to do")
        .hasToString("false");
  }

  private String row(String id) throws Exception {
    String sql = "SELECT " + COLUMNS + " FROM events.%s WHERE event_id = '" + id + "'";
    String fromTable = warehouse.ask(sql.formatted("events_processed"));
    assertThat(warehouse.ask(sql.formatted("processed"))).isEqualTo(fromTable);
    return fromTable;
  }

  @Test
  void refusesAColumnThatIsAnother() throws Exception {
    String first = "{\"properties\":{\"a\":{\"type\":\"string\",\"x-column\":\"taken\"}}}";
    assertThat(plan("it.one", "{\"schema\":" + first + "}", "?apply=true").status()).isEqualTo(200);

    for (String other :
        new String[] {
          first.replace("\"a\"", "\"b\""),
          first.replace("string", "integer"),
          first.replace("taken", "user_id")
        }) {
      String body = "{\"schema\":" + other + "}";
      JsonNode shown = plan("it.two", body, "").json();
      assertThat(shown.path("columns").path(0).path("state").asString()).isEqualTo("conflict");
      assertThat(shown.path("statements")).isEmpty();
      Reply applied = plan("it.two", body, "?apply=true");
      assertThat(applied.status()).isEqualTo(409);
      assertThat(applied.code()).isEqualTo("column_conflict");
      assertThat(registry.register("it.two", other).code()).isEqualTo("column_conflict");
    }
    assertThat(registry.register("it.three", first).status()).as("the same one").isEqualTo(201);
  }

  @Test
  void refusesToPublishInTheOtherDialectToo() throws Exception {
    Reply reply =
        registry.call(
            "POST",
            "/subjects/it.dialect/versions",
            "{\"schemaType\":\"JSON\",\"schema\":\"{\\\"properties\\\":{\\\"a\\\":{\\\"type\\\":"
                + "\\\"string\\\",\\\"x-column\\\":\\\"never_added\\\"}}}\"}");

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.errorCode()).isEqualTo(42205);
    assertThat(reply.json().path("message").asString()).contains("ALTER TABLE");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"properties\":{\"a\":{\"type\":\"string\",\"x-column\":\"a`, DROP COLUMN data\"}}}",
        "{\"properties\":{\"a\":{\"type\":\"string\",\"x-column\":\"_row_no\"}}}",
        "{\"properties\":{\"a`b\":{\"type\":\"string\",\"x-column\":\"ab\"}}}",
        "{\"properties\":{\"a.b\":{\"type\":\"string\",\"x-column\":\"ab\"}}}",
        "{\"properties\":{\"a\":{\"type\":\"object\",\"x-column\":\"ab\"}}}",
        "{\"properties\":{\"a\":{\"x-column\":\"ab\"}}}",
        "{\"properties\":{\"a\":{\"type\":\"string\",\"x-column\":{\"name\":\"ab\",\"type\":\"decimal\"}}}}",
        "{\"items\":{\"type\":\"string\",\"x-column\":\"ab\"}}",
        "{\"x-column\":\"ab\"}"
      })
  void refusesWhatCannotBeAColumn(String schema) throws Exception {
    Reply reply = plan("it.bad", "{\"schema\":" + schema + "}", "?apply=true");

    assertThat(reply.status()).as(reply.raw().body()).isEqualTo(422);
    assertThat(reply.code()).isEqualTo("unusable_column");
    assertThat(registry.register("it.bad", schema).code()).isEqualTo("unusable_column");
  }

  @Test
  void addsColumnsOnlyForThoseWhoMayWrite() throws Exception {
    String body = "{\"schema\":" + EVERY_TYPE + "}";
    for (String query : new String[] {"", "?apply=true"}) {
      Reply reply =
          registry.send(
              registry
                  .request(
                      "/schemas/it.gift/plan" + query,
                      "Authorization",
                      TestRegistry.READ,
                      "Content-Type",
                      "application/json")
                  .POST(BodyPublishers.ofString(body)));
      assertThat(reply.status()).isEqualTo(query.isEmpty() ? 200 : 403);
    }
  }

  @Test
  void publishesNothingThatItCannotSeeTheColumnsOf(ServiceKit kit) throws Exception {
    try (TestRegistry without = TestRegistry.start(kit.postgres())) {
      Reply reply = without.register("it.gift", EVERY_TYPE);
      assertThat(reply.status()).isEqualTo(501);
      assertThat(reply.code()).isEqualTo("clickhouse_not_configured");
      assertThat(without.register("it.plain", "{}").status()).isEqualTo(201);
      Reply checked =
          without.call("POST", "/schemas/it.gift/check", "{\"schema\":" + EVERY_TYPE + "}");
      assertThat(checked.json().path("obstacles").findValuesAsString("code"))
          .containsExactly(reply.code());
    }
  }

  @Test
  void doesNotWaitForAClickHouseThatHangs(ServiceKit kit) throws Exception {
    String schema = "{\"properties\":{\"a\":{\"type\":\"string\",\"x-column\":\"hung\"}}}";
    kit.clickhouse().pause();
    try {
      Instant begin = Instant.now();
      Reply reply = registry.register("it.hung", schema);
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.code()).isEqualTo("clickhouse_unavailable");
      assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(10));
      assertThat(registry.register("it.hung", "{}").status()).isEqualTo(201);
    } finally {
      kit.clickhouse().resume();
    }
  }

  private Reply plan(String type, String body, String query) throws Exception {
    return registry.call("POST", "/schemas/" + type + "/plan" + query, body);
  }
}
