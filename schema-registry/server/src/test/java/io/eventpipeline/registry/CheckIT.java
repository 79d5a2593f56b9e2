package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the native API tells of why a schema may not follow. */
@WithServices(Server.POSTGRES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheckIT {
  private static final String FIRST =
      "{\"type\":\"object\",\"properties\":{\"sku\":{\"type\":\"string\"},"
          + "\"n\":{\"type\":\"integer\",\"minimum\":1}},\"required\":[\"sku\"],"
          + "\"additionalProperties\":false}";

  private static final String RAISED = FIRST.replace("\"minimum\":1", "\"minimum\":5");

  @AutoClose private TestRegistry registry;

  @BeforeAll
  void start(ServiceKit kit) throws Exception {
    registry = TestRegistry.start(kit.postgres());
    registry.register("it.checked", FIRST);
  }

  @Test
  void explainsEachFindingAndHowToUndoIt() throws Exception {
    JsonNode answer = check("{\"schema\":" + RAISED + "}").json();

    assertThat(answer.path("compatible").asBoolean(true)).isFalse();
    assertThat(answer.path("verdict").asString()).isEqualTo("incompatible");
    assertThat(answer.path("level").asString()).isEqualTo("BACKWARD");
    assertThat(answer.path("policy").asString()).isEqualTo("STRICT");
    assertThat(answer.path("findings")).hasSize(1);
    JsonNode finding = answer.path("findings").path(0);
    assertThat(finding.path("rule").asString()).isEqualTo("MINIMUM_RAISED");
    assertThat(finding.path("direction").asString()).isEqualTo("BACKWARD");
    assertThat(finding.path("verdict").asString()).isEqualTo("incompatible");
    assertThat(finding.path("against").asInt()).isEqualTo(1);
    assertThat(finding.path("pointer").asString()).isEqualTo("/properties/n/minimum");
    assertThat(finding.path("old_pointer").asString()).isEqualTo("/properties/n/minimum");
    assertThat(finding.path("old").asInt()).isEqualTo(1);
    assertThat(finding.path("new").asInt()).isEqualTo(5);
    assertThat(finding.path("message").asString()).isNotBlank();
    assertThat(finding.path("change"))
        .hasToString("{\"op\":\"replace\",\"path\":\"/properties/n/minimum\",\"value\":1}");
    assertThat(finding.path("verdicts"))
        .hasToString(
            "{\"BACKWARD\":{\"STRICT\":\"incompatible\",\"LENIENT\":\"incompatible\"},"
                + "\"FORWARD\":{\"STRICT\":\"compatible\",\"LENIENT\":\"compatible\"}}");
  }

  @Test
  void saysTheSameWhenItRefusesToRegisterAndToPublish() throws Exception {
    JsonNode checked = check("{\"schema\":" + RAISED + "}").json();

    Reply registered = registry.register("it.checked", RAISED);
    Reply draft =
        registry.post("{\"type\":\"it.checked\",\"status\":\"draft\",\"schema\":" + RAISED + "}");
    int version = draft.json().path("version").asInt();
    Reply published = registry.call("POST", "/schemas/it.checked/" + version + "/publish", null);
    Reply ofDraft = check("{\"version\":" + version + "}");

    for (Reply refused : new Reply[] {registered, published}) {
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.code()).isEqualTo("incompatible_schema");
      assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(refused.json().path("findings")).isEqualTo(checked.path("findings"));
      assertThat(refused.json().path("detail").asString()).contains("MINIMUM_RAISED");
    }
    assertThat(ofDraft.json().path("findings")).isEqualTo(checked.path("findings"));
  }

  @Test
  void triesAnotherLevelAndPolicyAndStoresNothing() throws Exception {
    String opened = FIRST.replace(",\"additionalProperties\":false", "");

    JsonNode backward = check("{\"schema\":" + opened + "}").json();
    JsonNode full = check("{\"schema\":" + opened + ",\"level\":\"FULL\"}").json();
    JsonNode lenient =
        check("{\"schema\":" + opened + ",\"level\":\"FULL\",\"policy\":\"LENIENT\"}").json();

    assertThat(backward.path("compatible").asBoolean()).isTrue();
    assertThat(backward.path("findings")).isEmpty();
    assertThat(full.path("findings").findValuesAsString("rule"))
        .containsExactly("CLOSED_CONTENT_MODEL_OPENED");
    assertThat(lenient.path("compatible").asBoolean()).isTrue();
    assertThat(lenient.path("forgiven").findValuesAsString("rule"))
        .containsExactly("CLOSED_CONTENT_MODEL_OPENED");
    assertThat(registry.get("/schemas/it.checked/latest").json().path("version").asInt())
        .isEqualTo(1);
  }

  @Test
  void knowsWhatIsThereAlreadyAndWhatIsNew() throws Exception {
    assertThat(check("{\"schema\":" + FIRST + "}").json().path("same_as").asInt()).isEqualTo(1);
    Reply fresh =
        registry.call("POST", "/schemas/it.never.seen/check", "{\"schema\":" + FIRST + "}");
    assertThat(fresh.json().path("compatible").asBoolean()).isTrue();
    assertThat(fresh.json().has("same_as")).isFalse();
  }

  @Test
  void boundsWhatItTells() throws Exception {
    StringBuilder before = new StringBuilder("{\"properties\":{");
    StringBuilder after = new StringBuilder("{\"properties\":{");
    for (int i = 0; i < 300; i++) {
      String separator = i == 0 ? "" : ",";
      before.append(separator).append("\"p").append(i).append("\":{\"type\":\"string\"}");
      after.append(separator).append("\"p").append(i).append("\":{\"type\":\"integer\"}");
    }
    registry.register("it.wide", before.append("}}").toString());

    JsonNode answer =
        registry
            .call("POST", "/schemas/it.wide/check", "{\"schema\":" + after.append("}}") + "}")
            .json();

    assertThat(answer.path("findings")).hasSize(JudgementDocument.FINDINGS_MAX);
    assertThat(answer.path("findings_left_out").asInt()).as("the checker keeps 200").isEqualTo(150);
    assertThat(answer.toString().length()).isLessThan(400_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"schema\":{},\"version\":1}",
        "{\"version\":0}",
        "{\"schema\":{},\"level\":\"SIDEWAYS\"}",
        "{\"schema\":{},\"policy\":1}",
        "{\"schema\":{},\"x\":1}"
      })
  void refusesWhatNobodyWouldLookAt(String body) throws Exception {
    Reply reply = check(body);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("invalid_request");
  }

  @Test
  void refusesWhatIsNoSchema() throws Exception {
    assertThat(check("{\"schema\":{\"type\":7}}").status()).isEqualTo(422);
    assertThat(check("{\"schema\":{\"$ref\":\"http://127.0.0.1/x\"}}").code())
        .isEqualTo("remote_reference");
    assertThat(check("{\"version\":99}").code()).isEqualTo("unknown_version");
  }

  @Test
  void saysWhatElseWouldStopItFromBeingPublished() throws Exception {
    registry.register("it.fixed", "{\"type\":\"object\",\"required\":[\"a\",\"typo\"]}");
    registry.post(
        "{\"type\":\"it.fixed\",\"supersedes\":1,"
            + "\"schema\":{\"type\":\"object\",\"required\":[\"a\"]}}");
    String next = "\"schema\":{\"type\":\"object\",\"title\":\"next\"}";

    for (String corrected : new String[] {"1", "9"}) {
      String body = "{" + next + ",\"supersedes\":" + corrected;
      JsonNode checked = registry.call("POST", "/schemas/it.fixed/check", body + "}").json();
      Reply refused = registry.post(body + ",\"type\":\"it.fixed\"}");

      assertThat(checked.path("compatible").asBoolean(true)).isFalse();
      assertThat(checked.path("verdict").asString()).isEqualTo("incompatible");
      assertThat(checked.path("schema_verdict").asString())
          .as("nothing is wrong with the schema")
          .isEqualTo("compatible");
      assertThat(checked.path("obstacles")).hasSize(1);
      assertThat(refused.code()).isEqualTo("cannot_supersede");
      assertThat(checked.path("obstacles").path(0).path("code").asString())
          .isEqualTo(refused.code());
      assertThat(checked.path("obstacles").path(0).path("detail"))
          .isEqualTo(refused.json().path("detail"));
      assertThat(checked.path("detail").asString())
          .contains(refused.json().path("detail").asString());
    }
    JsonNode right =
        registry.call("POST", "/schemas/it.fixed/check", "{" + next + ",\"supersedes\":2}").json();
    assertThat(right.path("compatible").asBoolean()).as(right.toString()).isTrue();
    assertThat(right.path("schema_verdict")).isEqualTo(right.path("verdict"));
    assertThat(right.has("obstacles")).isFalse();
    JsonNode both =
        registry
            .call(
                "POST",
                "/schemas/it.fixed/check",
                "{\"schema\":{\"type\":\"array\"},\"supersedes\":1}")
            .json();
    assertThat(both.path("obstacles")).hasSize(1);
    assertThat(both.path("findings")).isNotEmpty();
    assertThat(both.path("schema_verdict").asString()).isEqualTo("incompatible");
  }

  @Test
  void saysThatADraftWasOvertaken() throws Exception {
    registry.register("it.stale", "{\"title\":\"1\"}");
    registry.post("{\"type\":\"it.stale\",\"status\":\"draft\",\"schema\":{\"title\":\"2\"}}");
    JsonNode inTime = registry.call("POST", "/schemas/it.stale/check", "{\"version\":2}").json();
    registry.register("it.stale", "{\"title\":\"3\"}");

    JsonNode late = registry.call("POST", "/schemas/it.stale/check", "{\"version\":2}").json();

    assertThat(inTime.path("compatible").asBoolean()).as(inTime.toString()).isTrue();
    assertThat(late.path("compatible").asBoolean(true)).isFalse();
    Reply refused = registry.call("POST", "/schemas/it.stale/2/publish", null);
    assertThat(late.path("obstacles").findValuesAsString("code")).containsExactly(refused.code());
    assertThat(late.path("detail").asString()).contains("version 3 was published meanwhile");
    JsonNode published = registry.call("POST", "/schemas/it.stale/check", "{\"version\":1}").json();
    assertThat(published.has("obstacles")).as("it is published already").isFalse();
  }

  private Reply check(String body) throws Exception {
    return registry.call("POST", "/schemas/it.checked/check", body);
  }
}
