package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.WithServices;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** What is asked of new versions and who may write them, for one subject and for all; metadata. */
@WithServices(Server.POSTGRES)
class ConfluentSettingsIT extends DialectFixture {
  private static final String WIDER = CLOSED.replace("{\"a\"", "{\"c\":{},\"a\"");

  @AfterEach
  void reset() throws Exception {
    delete("/config");
    delete("/mode");
  }

  @Test
  void holdsSubjectsWithoutALevelOfTheirOwnToTheOneForAll() throws Exception {
    register("s.follows", CLOSED);
    register("s.own", CLOSED);
    put("/config/s.own", "{\"compatibility\":\"FULL\"}");

    assertThat(put("/config", "{\"compatibility\":\"NONE\"}").raw().body())
        .isEqualTo("{\"compatibility\":\"NONE\"}");
    assertError(get("/config/s.follows"), 404, 40408);
    assertThat(level("/config/s.follows?defaultToGlobal=true")).isEqualTo("NONE");
    assertThat(level("/config/s.own?defaultToGlobal=true")).isEqualTo("FULL");
    assertThat(register("s.follows", BROKEN).status()).isEqualTo(200);
    assertError(register("s.own", BROKEN), 409, 40901);

    assertThat(delete("/config").json().path("compatibilityLevel").asString()).isEqualTo("NONE");
    assertThat(level("/config")).isEqualTo("BACKWARD");
    assertError(register("s.follows", WIDER), 409, 40901);
  }

  @Test
  void asksForCompatibilityWithinAGroupOnly() throws Exception {
    put("/config/s.group", "{\"compatibilityGroup\":\"major\"}");
    assertThat(get("/config/s.group").json().path("compatibilityGroup").asString())
        .isEqualTo("major");
    register("s.group", CLOSED, major(1));

    assertError(register("s.group", BROKEN, major(1)), 409, 40901);
    assertThat(isCompatible("s.group", BROKEN, major(1))).isFalse();
    assertThat(isCompatible("s.group", BROKEN, major(2))).isTrue();
    assertThat(register("s.group", BROKEN, major(2)).json().path("version").asInt()).isEqualTo(2);
    assertThat(register("s.group", WIDER, major(1)).json().path("version").asInt())
        .as("held against version 1, the newest of its group")
        .isEqualTo(3);
    assertError(register("s.group", BROKEN.replace("\"b\"", "\"c\""), major(2)), 409, 40901);

    put("/config/s.group", "{\"compatibilityGroup\":\"\"}");
    assertError(register("s.group", BROKEN.replace("\"b\"", "\"c\""), major(3)), 409, 40901);
  }

  @Test
  void keepsMetadataAsAPartOfTheSchema() throws Exception {
    String metadata =
        "{\"properties\":{\"owner\":\"x\",\"area\":\"y\"},\"tags\":{\"/a\":[\"PII\"]}}";
    String reordered =
        "{\"tags\":{\"/a\":[\"PII\"]},\"properties\":{\"area\":\"y\",\"owner\":\"x\"}}";
    int plain = register("s.meta", CLOSED).json().path("id").asInt();

    Reply marked = register("s.meta", CLOSED, metadata);

    int id = marked.json().path("id").asInt();
    assertThat(id).isNotEqualTo(plain);
    for (Reply reply :
        new Reply[] {
          marked,
          get("/subjects/s.meta/versions/2"),
          get("/schemas/ids/" + id),
          registry.call("POST", "/subjects/s.meta", with(CLOSED, metadata))
        }) {
      assertThat(reply.json().path("metadata")).isEqualTo(JsonBody.JSON.readTree(metadata));
    }
    assertThat(get("/schemas/ids/" + plain).json().has("metadata")).isFalse();
    Reply again = register("s.meta", CLOSED, reordered);
    assertThat(again.json().path("id").asInt()).as("in another order").isEqualTo(id);
    assertThat(again.json().path("version").asInt()).isEqualTo(2);
    assertThat(
            registry
                .call("POST", "/subjects/s.meta", request(CLOSED, null))
                .json()
                .path("version")
                .asInt())
        .isEqualTo(1);
    assertError(register("s.meta", CLOSED, "7"), 422, 42201);
    assertError(register("s.meta", CLOSED, "{\"x\":\"" + "x".repeat(8_000) + "\"}"), 422, 42201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/config/s.norm", "/config"})
  void storesTheCanonicalSpellingWhereTheSettingSaysSo(String setting) throws Exception {
    String subject = "s.norm" + setting.length();
    String path = setting.replace("s.norm", subject);
    String spelled = "{\"type\":\"object\",\"minProperties\":%d.0}".formatted(setting.length());

    put(path, "{\"normalize\":true}");

    assertThat(get(path).json().path("normalize").asBoolean(false)).isTrue();
    assertThat(register(subject, spelled).json().path("schema").asString())
        .isEqualTo("{\"minProperties\":%d,\"type\":\"object\"}".formatted(setting.length()));
  }

  @Test
  void letsTheModeForAllWaitBehindASubjectsOwnUnlessItOverrides() throws Exception {
    register("s.mine", CLOSED);
    put("/mode/s.mine", "{\"mode\":\"READWRITE\"}");

    put("/mode", "{\"mode\":\"READONLY\"}");
    assertThat(mode("/mode/s.mine?defaultToGlobal=true")).isEqualTo("READWRITE");
    assertThat(register("s.mine", WIDER).status()).isEqualTo(200);
    assertError(get("/mode/s.theirs"), 404, 40409);
    assertThat(mode("/mode/s.theirs?defaultToGlobal=true")).isEqualTo("READONLY");
    assertError(register("s.theirs", CLOSED), 422, 42205);

    assertError(put("/mode/s.mine", "{\"mode\":\"READONLY_OVERRIDE\"}"), 422, 42204);
    put("/mode", "{\"mode\":\"READONLY_OVERRIDE\"}");
    assertThat(mode("/mode")).isEqualTo("READONLY_OVERRIDE");
    assertThat(mode("/mode/s.mine?defaultToGlobal=true")).isEqualTo("READONLY_OVERRIDE");
    assertError(register("s.mine", "{\"type\":\"object\"}"), 422, 42205);
    assertError(delete("/subjects/s.mine/versions/1"), 422, 42205);
    assertThat(registry.register("s.mine", "{}").code()).isEqualTo("read_only");
    assertThat(delete("/mode").raw().body()).isEqualTo("{\"mode\":\"READONLY_OVERRIDE\"}");
    assertThat(register("s.mine", "{\"type\":\"object\"}").status()).isEqualTo(200);
  }

  @Test
  void deletesTheVersionThatIsLatestAtThatTime() throws Exception {
    register("s.latest", CLOSED);
    register("s.latest", WIDER);

    assertError(delete("/subjects/s.latest/versions/latest?permanent=true"), 404, 40407);
    assertThat(delete("/subjects/s.latest/versions/latest").raw().body()).isEqualTo("2");
    assertThat(delete("/subjects/s.latest/versions/-1").raw().body()).isEqualTo("1");
    assertError(delete("/subjects/s.latest/versions/latest"), 404, 40401);
    assertThat(delete("/subjects/s.latest/versions/latest?permanent=true").raw().body())
        .isEqualTo("2");
    assertThat(get("/subjects/s.latest/versions?deleted=true").raw().body()).isEqualTo("[1]");
  }

  @Test
  void namesReferrersThatAreDeletedOnlyWhenAskedTo() throws Exception {
    register("s.part", CLOSED);
    int id =
        registry
            .call(
                "POST",
                "/subjects/s.whole/versions",
                request(
                    "{\"properties\":{\"p\":{\"$ref\":\"part.json\"}}}",
                    "[{\"name\":\"part.json\",\"subject\":\"s.part\",\"version\":1}]"))
            .json()
            .path("id")
            .asInt();
    String referrers = "/subjects/s.part/versions/latest/referencedby";
    assertThat(get(referrers).raw().body()).isEqualTo("[" + id + "]");

    delete("/subjects/s.whole");

    assertThat(get(referrers).raw().body()).isEqualTo("[]");
    assertThat(get(referrers + "?deleted=true").raw().body()).isEqualTo("[" + id + "]");
  }

  @Test
  void takesTheQueryAlongBehindAContext() throws Exception {
    String context = "/contexts/:.:";
    String subject = context + "/subjects/s.context/versions";
    registry.call("POST", subject, request(CLOSED, null));
    Reply second =
        registry.call(
            "POST", subject + "?normalize=true", request(WIDER.replace("{}", "{ }"), null));
    assertThat(second.json().path("schema").asString()).startsWith("{\"additionalProperties\"");

    delete(subject + "/1");

    assertThat(get(subject).raw().body()).isEqualTo("[2]");
    assertThat(get(subject + "?deleted=true").raw().body()).isEqualTo("[1,2]");
    String list = context + "/schemas?subjectPrefix=s.context&deleted=true";
    assertThat(get(list).json()).hasSize(2);
    assertThat(get(list + "&latestOnly=true").json()).hasSize(1);
    assertThat(put(context + "/config/s.context", "{\"compatibility\":\"FULL\"}").status())
        .isEqualTo(200);
    assertThat(level("/config/s.context")).isEqualTo("FULL");
    assertError(
        registry.send(
            registry.request(subject + "/2", "Authorization", TestRegistry.READ).DELETE()),
        403,
        40301);
  }

  private static String major(int number) {
    return "{\"properties\":{\"major\":\"" + number + "\"}}";
  }

  private static String with(String schema, String metadata) {
    ObjectNode body = (ObjectNode) JsonBody.JSON.readTree(request(schema, null));
    body.set("metadata", JsonBody.JSON.readTree(metadata));
    return body.toString();
  }

  private Reply register(String subject, String schema, String metadata) throws Exception {
    return registry.call("POST", "/subjects/" + subject + "/versions", with(schema, metadata));
  }

  private boolean isCompatible(String subject, String schema, String metadata) throws Exception {
    return registry
        .call("POST", "/compatibility/subjects/" + subject + "/versions", with(schema, metadata))
        .json()
        .path("is_compatible")
        .asBoolean();
  }

  private String level(String path) throws Exception {
    return get(path).json().path("compatibilityLevel").asString();
  }

  private String mode(String path) throws Exception {
    return get(path).json().path("mode").asString();
  }
}
