package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@WithServices(Server.POSTGRES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LifecycleIT {
  private static final String WHY = "{\"reason\":\"nobody sends it\"}";

  @AutoClose private TestRegistry registry;

  @BeforeAll
  void start(ServiceKit kit) throws Exception {
    registry = TestRegistry.start(kit.postgres());
  }

  @Test
  void leadsAVersionFromDraftToWithdrawnAndNamesWhoAndWhy() throws Exception {
    Reply draft = draft("life.full", "{\"title\":\"a\"}");
    assertThat(draft.status()).isEqualTo(201);
    assertThat(status(draft)).isEqualTo("draft");
    assertThat(registry.get("/schemas/life.full/latest").code()).isEqualTo("unknown_version");

    Reply edited =
        registry.call(
            "PUT",
            "/schemas/life.full/1",
            "{\"schema\":{\"title\":\"b\"},\"description\":\"d\",\"reason\":\"typo\"}");
    Reply published = registry.call("POST", "/schemas/life.full/1/publish", null);
    Reply deprecated = registry.call("POST", "/schemas/life.full/1/deprecate", WHY);
    assertThat(registry.get("/schemas/life.full/latest").code()).isEqualTo("unknown_version");
    Reply withdrawn = registry.call("POST", "/schemas/life.full/1/withdraw", WHY);

    assertThat(edited.json().path("schema").path("title").asString()).isEqualTo("b");
    assertThat(edited.json().path("description").asString()).isEqualTo("d");
    assertThat(List.of(status(published), status(deprecated), status(withdrawn)))
        .containsExactly("published", "deprecated", "withdrawn");
    JsonNode history = registry.get("/schemas/life.full/1/history").json().path("history");
    assertThat(history.findValuesAsString("action"))
        .containsExactly("draft", "edit", "publish", "deprecate", "withdraw");
    assertThat(history.findValuesAsString("reason"))
        .containsExactly("", "typo", "", "nobody sends it", "nobody sends it");
    assertThat(history.findValuesAsString("actor")).containsOnly("owner");
    assertThat(registry.get("/schemas/life.full/1").status()).as("old data is read").isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "published, PUT,  '',         not_a_draft",
    "deprecated, PUT, '',         not_a_draft",
    "withdrawn, PUT,  '',         not_a_draft",
    "draft,     POST, /deprecate, wrong_status",
    "deprecated, POST, /publish,  wrong_status",
    "withdrawn, POST, /publish,   wrong_status",
    "withdrawn, POST, /deprecate, wrong_status"
  })
  void neverGoesBackOrChangesWhatWasPublished(String from, String method, String verb, String code)
      throws Exception {
    String type = "life." + from + method + verb.replace("/", ".");
    Reply before = at(from, type);

    Reply reply =
        registry.call(
            method,
            "/schemas/" + type + "/1" + verb,
            method.equals("PUT") ? "{\"schema\":{\"title\":\"changed\"}}" : WHY);

    assertThat(reply.status()).as(reply.raw().body()).isEqualTo(409);
    assertThat(reply.code()).isEqualTo(code);
    assertThat(registry.get("/schemas/" + type + "/1").json()).isEqualTo(before.json());
  }

  @ParameterizedTest
  @CsvSource({"publish,published", "deprecate,deprecated", "withdraw,withdrawn"})
  void answersTheSameStepAgainWithTheSame(String verb, String status) throws Exception {
    String type = "life.again." + status;
    Reply before = at(status, type);

    Reply again = registry.call("POST", "/schemas/" + type + "/1/" + verb, WHY);

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.header("ETag")).isEqualTo(before.header("ETag"));
  }

  @Test
  void holdsThatPromiseEvenAgainstItsOwnDatabaseUser() throws Exception {
    at("published", "life.sql");
    try (Connection connection = registry.database().getConnection();
        Statement statement = connection.createStatement()) {
      String mine = " WHERE type = 'life.sql'";
      for (String change :
          List.of(
              "UPDATE registry.schema_version SET description = 'x'" + mine,
              "UPDATE registry.schema_version SET status = 'draft'" + mine,
              "UPDATE registry.schema_version SET version = 9" + mine,
              "UPDATE registry.schema_content SET document = '{}' WHERE id = (SELECT content_id"
                  + " FROM registry.schema_version"
                  + mine
                  + ")")) {
        assertThatThrownBy(() -> statement.execute(change))
            .as(change)
            .isInstanceOf(SQLException.class);
      }
    }
  }

  @Test
  void asksWhyBeforeItDeprecatesOrWithdraws() throws Exception {
    at("published", "life.why");

    assertThat(registry.call("POST", "/schemas/life.why/1/deprecate", null).code())
        .isEqualTo("invalid_request");
    assertThat(registry.call("POST", "/schemas/life.why/1/withdraw", "{}").code())
        .isEqualTo("invalid_request");
  }

  @Test
  void publishesADraftWhenItsContentIsRegisteredAndRefusesAStaleOne() throws Exception {
    draft("life.twin", "{\"title\":\"a\"}");
    Reply registered = registry.register("life.twin", "{\"title\":\"a\"}");
    assertThat(registered.json().path("version").asInt()).isEqualTo(1);
    assertThat(status(registered)).isEqualTo("published");

    draft("life.twin", "{\"title\":\"b\"}");
    registry.register("life.twin", "{\"title\":\"c\"}");
    Reply stale = registry.call("POST", "/schemas/life.twin/2/publish", null);
    assertThat(stale.status()).isEqualTo(409);
    assertThat(stale.code()).isEqualTo("stale_draft");

    Reply again = registry.register("life.twin", "{\"title\":\"b\"}");
    assertThat(again.json().path("version").asInt()).isEqualTo(4);
    assertThat(status(registry.get("/schemas/life.twin/2"))).isEqualTo("withdrawn");
  }

  @Test
  void refusesAnEditThatWouldMakeTwoVersionsTheSame() throws Exception {
    registry.register("life.dup", "{\"title\":\"a\"}");
    draft("life.dup", "{\"title\":\"b\"}");

    Reply reply = registry.call("PUT", "/schemas/life.dup/2", "{\"schema\":{\"title\":\"a\"}}");

    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.code()).isEqualTo("duplicate_content");
  }

  @Test
  void changesOnlyWhatTheCallerHasSeen() throws Exception {
    Reply draft = draft("life.match", "{\"title\":\"a\"}");
    String seen = draft.header("ETag");

    Reply first =
        registry.call("PUT", "/schemas/life.match/1", "{\"schema\":{}}", "If-Match", seen);
    Reply second =
        registry.call("PUT", "/schemas/life.match/1", "{\"description\":\"x\"}", "If-Match", seen);

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.header("ETag")).isNotEqualTo(seen);
    assertThat(second.status()).isEqualTo(412);
    assertThat(second.code()).isEqualTo("precondition_failed");
    assertThat(
            registry
                .call(
                    "POST", "/schemas/life.match/1/publish", null, "If-Match", first.header("ETag"))
                .status())
        .isEqualTo(200);
  }

  @Test
  void listsByStatus() throws Exception {
    List<String> all = List.of("withdrawn", "deprecated", "published", "draft");
    for (String status : all) {
      at(status, "life.list");
    }
    for (String status : all) {
      JsonNode page = registry.get("/schemas?type=life.list&status=" + status).json();
      assertThat(page.path("schemas").findValuesAsString("status")).containsExactly(status);
    }
    assertThat(registry.get("/schemas?type=life.list").json().path("schemas")).hasSize(4);
    assertThat(registry.get("/schemas?status=x").code()).isEqualTo("invalid_request");
  }

  @Test
  void validatesAnEventAgainstAnyVersion() throws Exception {
    registry.register(
        "life.valid",
        "{\"required\":[\"sku\"],\"properties\":{\"n\":{\"type\":\"integer\"},"
            + "\"a\":{\"items\":{\"type\":\"string\"}}}}");
    registry.register("life.valid", "{}");

    Reply bad = validate("life.valid", "{\"version\":1,\"data\":{\"n\":\"x\",\"a\":[1]}}");
    assertThat(bad.status()).isEqualTo(200);
    assertThat(bad.json().path("valid").asBoolean(true)).isFalse();
    assertThat(bad.json().path("errors").findValuesAsString("pointer"))
        .containsExactlyInAnyOrder("/sku", "/n", "/a/0");
    assertThat(bad.json().path("errors").findValuesAsString("keyword"))
        .contains("required", "type");
    assertThat(validate("life.valid", "{\"version\":1,\"data\":{\"sku\":1}}").json().path("valid"))
        .hasToString("true");
    Reply newest = validate("life.valid", "{\"data\":1}");
    assertThat(newest.json().path("version").asInt()).isEqualTo(2);
    assertThat(newest.json().path("valid").asBoolean(false)).isTrue();
    String many = "{\"version\":1,\"data\":{\"a\":[" + "1,".repeat(200) + "1]}}";
    assertThat(validate("life.valid", many).json().path("errors")).hasSize(10);
    assertThat(validate("life.valid", "{\"version\":9,\"data\":1}").code())
        .isEqualTo("unknown_version");
    assertThat(validate("life.no", "{\"data\":1}").code()).isEqualTo("unknown_type");
    assertThat(validate("life.valid", "{}").code()).isEqualTo("invalid_request");
    assertThat(validate("life.valid", "{\"data\":" + "[".repeat(9_000)).code())
        .isEqualTo("malformed_json");
  }

  @Test
  void deletesASubjectWhoseVersionsReferToEachOtherAndSaysThatItsSettingsWent() throws Exception {
    registry.register("life.self", "{\"title\":\"first\"}");
    registry.call("PUT", "/config/life.self", "{\"compatibility\":\"NONE\"}");
    Reply second =
        registry.post(
            "{\"type\":\"life.self\",\"schema\":{\"$ref\":\"first\"},"
                + "\"references\":[{\"name\":\"first\",\"type\":\"life.self\",\"version\":1}]}");
    assertThat(second.status()).as(second.raw().body()).isEqualTo(201);

    Reply deleted = registry.call("DELETE", "/subjects/life.self", null);
    Reply erased = registry.call("DELETE", "/subjects/life.self?permanent=true", null);

    assertThat(deleted.raw().body()).isEqualTo("[1,2]");
    assertThat(erased.raw().body()).isEqualTo("[1,2]");
    assertThat(registry.get("/config/life.self").errorCode()).isEqualTo(40408);
    assertThat(audit("life.self"))
        .containsExactly(
            "publish 1",
            "compatibility NONE STRICT 0",
            "publish 2",
            "withdraw 2",
            "withdraw 1",
            "compatibility and mode default 0",
            "erase 2",
            "erase 1");
  }

  /** Action and version, in order. */
  private List<String> audit(String type) throws SQLException {
    List<String> entries = new ArrayList<>();
    try (Connection connection = registry.database().getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT action || ' ' || coalesce(version, 0) FROM registry.audit"
                    + " WHERE type = ? ORDER BY entry")) {
      statement.setString(1, type);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          entries.add(rows.getString(1));
        }
      }
    }
    return entries;
  }

  private Reply validate(String type, String body) throws Exception {
    return registry.send(
        registry
            .request(
                "/schemas/" + type + "/validate",
                "Authorization",
                TestRegistry.READ,
                "Content-Type",
                "application/json")
            .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Version 1 of a type, brought to a status. */
  private Reply at(String status, String type) throws Exception {
    Reply reply = draft(type, "{\"title\":\"" + type + status + "\"}");
    int version = reply.json().path("version").asInt();
    String path = "/schemas/" + type + "/" + version;
    for (String verb :
        switch (status) {
          case "published" -> List.of("publish");
          case "deprecated" -> List.of("publish", "deprecate");
          case "withdrawn" -> List.of("publish", "withdraw");
          default -> List.<String>of();
        }) {
      reply = registry.call("POST", path + "/" + verb, WHY);
      assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
    }
    return reply;
  }

  private Reply draft(String type, String schema) throws Exception {
    return registry.call(
        "POST",
        "/schemas",
        "{\"type\":\"" + type + "\",\"schema\":" + schema + ",\"status\":\"draft\"}");
  }

  private static String status(Reply reply) {
    return reply.json().path("status").asString();
  }
}
