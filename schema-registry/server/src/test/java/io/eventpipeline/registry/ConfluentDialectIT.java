package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.WithServices;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The protocol on the wire: paths, flags, bodies, media types, error codes. */
@WithServices(Server.POSTGRES)
class ConfluentDialectIT extends DialectFixture {
  @Test
  void registersAndAnswersTheSchemaAsItWasWritten() throws Exception {
    String schema =
        CLOSED.replaceFirst("\\{", "{\"title\":\"registersAndAnswersTheSchemaAsItWasWritten\",");
    Reply first = register("d.a-value", schema);
    int id = first.json().path("id").asInt();

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.header("Content-Type")).isEqualTo(V1);
    assertThat(register("d.a-value", " " + schema).json().path("id").asInt()).isEqualTo(id);
    Reply version = get("/subjects/d.a-value/versions/latest");
    assertThat(version.json().path("subject").asString()).isEqualTo("d.a-value");
    assertThat(version.json().path("version").asInt()).isEqualTo(1);
    assertThat(version.json().path("schemaType").asString()).isEqualTo("JSON");
    assertThat(version.json().path("schema").asString()).isEqualTo(schema);
    Reply byId = get("/schemas/ids/" + id + "?fetchMaxId=true");
    assertThat(byId.json().path("schema").asString()).isEqualTo(schema);
    assertThat(byId.json().path("maxId").asInt()).isGreaterThanOrEqualTo(id);
    assertThat(get("/schemas/ids/" + id + "/schema").raw().body()).isEqualTo(schema);
    assertThat(get("/subjects/d.a-value/versions/1/schema").raw().body()).isEqualTo(schema);
    String guid = version.json().path("guid").asString();
    assertThat(get("/schemas/guids/" + guid).json().path("schema").asString()).isEqualTo(schema);
    assertThat(get("/schemas/guids/" + guid + "/ids").json().get(0).path("id").asInt())
        .isEqualTo(id);
    assertThat(get("/schemas/ids/" + id + "/subjects").raw().body()).isEqualTo("[\"d.a-value\"]");
    assertThat(get("/schemas/ids/" + id + "/versions").raw().body())
        .isEqualTo("[{\"subject\":\"d.a-value\",\"version\":1}]");
    assertThat(lookUp("d.a-value", schema, "").json().path("version").asInt()).isEqualTo(1);
    assertThat(registry.get("/schemas/d.a-value/1").json().path("status").asString())
        .as("seen from the other dialect")
        .isEqualTo("published");
  }

  @Test
  void refusesAndExplainsWhatBreaksEarlierVersions() throws Exception {
    register("d.evolves", CLOSED);

    assertError(register("d.evolves", BROKEN), 409, 40901);
    assertThat(register("d.evolves", BROKEN).json().path("message").asString())
        .contains("REQUIRED_PROPERTY_ADDED");
    Reply quiet = send("/compatibility/subjects/d.evolves/versions/latest", BROKEN);
    assertThat(quiet.raw().body()).isEqualTo("{\"is_compatible\":false}");
    Reply verbose = send("/compatibility/subjects/d.evolves/versions?verbose=true", BROKEN);
    assertThat(verbose.json().path("messages")).isNotEmpty();
    assertThat(
            send("/compatibility/subjects/d.evolves/versions/1?verbose=true", CLOSED).raw().body())
        .isEqualTo("{\"is_compatible\":true,\"messages\":[]}");
    assertThat(send("/compatibility/subjects/d.nothing/versions/latest", BROKEN).raw().body())
        .isEqualTo("{\"is_compatible\":true}");
    assertError(send("/compatibility/subjects/d.evolves/versions/7", BROKEN), 404, 40402);
    assertError(send("/compatibility/subjects/d.nothing/versions/7", BROKEN), 404, 40401);
    assertThat(registry.register("d.evolves", BROKEN).code()).isEqualTo("incompatible_schema");

    put("/config/d.evolves", "{\"compatibility\":\"NONE\"}");
    assertThat(register("d.evolves", BROKEN).status()).isEqualTo(200);
  }

  @Test
  void promisesLessUnderTheLenientPolicy() throws Exception {
    register("d.lenient", "{\"type\":\"object\",\"properties\":{\"a\":{}}}");
    String more = "{\"type\":\"object\",\"properties\":{\"a\":{},\"b\":{\"type\":\"string\"}}}";

    assertError(register("d.lenient", more), 409, 40901);
    Reply echo = put("/config/d.lenient", "{\"compatibilityPolicy\":\"LENIENT\"}");
    assertThat(echo.raw().body()).isEqualTo("{\"compatibilityPolicy\":\"LENIENT\"}");
    assertThat(register("d.lenient", more).status()).isEqualTo(200);
  }

  @Test
  void deletesSoftlyThenForGood() throws Exception {
    String schema = CLOSED.replaceFirst("\\{", "{\"title\":\"deletesSoftlyThenForGood\",");
    int id = register("d.del", schema).json().path("id").asInt();
    register("d.del", "{\"type\":\"object\"}");

    assertError(delete("/subjects/d.del/versions/1?permanent=true"), 404, 40407);
    assertThat(delete("/subjects/d.del/versions/1").raw().body()).isEqualTo("1");
    assertError(delete("/subjects/d.del/versions/1"), 404, 40406);
    assertThat(get("/subjects/d.del/versions").raw().body()).isEqualTo("[2]");
    assertThat(get("/subjects/d.del/versions?deleted=true").raw().body()).isEqualTo("[1,2]");
    assertThat(get("/subjects/d.del/versions?deletedOnly=true").raw().body()).isEqualTo("[1]");
    assertError(get("/subjects/d.del/versions/1"), 404, 40402);
    assertThat(get("/subjects/d.del/versions/1?deleted=true").json().path("deleted").asBoolean())
        .isTrue();
    assertError(lookUp("d.del", schema, ""), 404, 40403);
    assertThat(lookUp("d.del", schema, "?deleted=true").status()).isEqualTo(200);
    assertThat(get("/schemas/ids/" + id).status()).as("old data is read").isEqualTo(200);
    assertThat(get("/schemas/ids/" + id + "/subjects").json()).isEmpty();
    assertThat(registry.get("/schemas/d.del/1").json().path("status").asString())
        .isEqualTo("withdrawn");

    assertError(delete("/subjects/d.del?permanent=true"), 404, 40405);
    assertThat(delete("/subjects/d.del").raw().body()).isEqualTo("[2]");
    assertError(delete("/subjects/d.del"), 404, 40404);
    assertError(get("/subjects/d.del/versions"), 404, 40401);
    assertThat(get("/subjects?subjectPrefix=d.del").json()).isEmpty();
    assertThat(get("/subjects?subjectPrefix=d.del&deletedOnly=true").raw().body())
        .isEqualTo("[\"d.del\"]");
    assertThat(delete("/subjects/d.del?permanent=true").raw().body()).isEqualTo("[1,2]");
    assertError(get("/schemas/ids/" + id), 404, 40403);
    assertError(delete("/subjects/d.del"), 404, 40401);
    assertThat(register("d.del", schema).json().path("version").asInt())
        .as("numbers are never given again")
        .isEqualTo(3);
  }

  @Test
  void hidesDraftsAndComesBackUnderANewVersionAfterASoftDelete() throws Exception {
    registry.post("{\"type\":\"d.draft\",\"schema\":{},\"status\":\"draft\"}");
    assertError(get("/subjects/d.draft/versions"), 404, 40401);
    assertError(get("/subjects/d.draft/versions/1?deleted=true"), 404, 40401);

    int id = register("d.back", CLOSED).json().path("id").asInt();
    delete("/subjects/d.back");
    Reply again = register("d.back", CLOSED);
    assertThat(again.json().path("id").asInt()).isEqualTo(id);
    assertThat(again.json().path("version").asInt()).isEqualTo(2);
  }

  @Test
  void keepsSchemasThatOthersReferTo() throws Exception {
    register("d.money", "{\"type\":\"object\",\"required\":[\"currency\"]}");
    String order = "{\"type\":\"object\",\"properties\":{\"price\":{\"$ref\":\"money.json\"}}}";
    String reference = "[{\"name\":\"money.json\",\"subject\":\"d.money\",\"version\":1}]";

    assertError(register("d.order", order), 422, 42201);
    assertError(register("d.order", order, reference.replace(":1}", ":9}")), 422, 42201);
    Reply registered = register("d.order", order, reference);
    assertThat(registered.status()).as(registered.raw().body()).isEqualTo(200);
    int id = registered.json().path("id").asInt();
    assertThat(get("/schemas/ids/" + id).json().path("references").get(0).path("subject"))
        .hasToString("\"d.money\"");
    assertThat(get("/schemas/ids/" + id).json().path("schema").asString()).isEqualTo(order);
    assertThat(get("/subjects/d.money/versions/1/referencedby").raw().body())
        .isEqualTo("[" + id + "]");

    Reply valid = registry.call("POST", "/schemas/d.order/validate", "{\"data\":{\"price\":{}}}");
    assertThat(valid.json().path("errors").get(0).path("pointer").asString())
        .isEqualTo("/price/currency");
    String stricter = "{\"type\":\"object\",\"required\":[\"currency\",\"amount\"]}";
    put("/config/d.money", "{\"compatibility\":\"NONE\"}");
    register("d.money", stricter);
    assertError(register("d.order", order, reference.replace(":1}", ":2}")), 409, 40901);

    assertError(delete("/subjects/d.money/versions/1"), 422, 42206);
    assertError(delete("/subjects/d.money"), 422, 42206);
    delete("/subjects/d.order");
    assertThat(delete("/subjects/d.money").status()).isEqualTo(200);
    assertError(delete("/subjects/d.money?permanent=true"), 422, 42206);
  }

  @Test
  void keepsSettingsPerSubjectAndForAll() throws Exception {
    assertThat(get("/config").json().path("compatibilityLevel").asString()).isEqualTo("BACKWARD");
    assertError(get("/config/d.cfg"), 404, 40408);
    assertThat(get("/config/d.cfg?defaultToGlobal=true").json()).isEqualTo(get("/config").json());
    assertError(put("/config/d.cfg", "{\"compatibility\":\"SIDEWAYS\"}"), 422, 42203);
    assertError(put("/config/d.cfg", "{\"compatibilityPolicy\":\"LAX\"}"), 422, 42203);
    assertThat(put("/config/d.cfg", "{\"compatibility\":\"FULL\"}").raw().body())
        .isEqualTo("{\"compatibility\":\"FULL\"}");
    assertThat(get("/config/d.cfg").json().path("compatibilityLevel").asString()).isEqualTo("FULL");
    assertThat(delete("/config/d.cfg").json().path("compatibilityLevel").asString())
        .isEqualTo("FULL");
    assertError(delete("/config/d.cfg"), 404, 40401);

    assertError(get("/mode/d.mode"), 404, 40409);
    assertError(put("/mode/d.mode", "{\"mode\":\"SLEEPING\"}"), 422, 42204);
    assertError(put("/mode/d.mode", "{\"mode\":\"IMPORT\"}"), 422, 42204);
    assertThat(get("/mode").raw().body()).isEqualTo("{\"mode\":\"READWRITE\"}");
    register("d.mode", CLOSED);
    put("/mode/d.mode", "{\"mode\":\"READONLY\"}");
    assertError(register("d.mode", "{}"), 422, 42205);
    assertError(delete("/subjects/d.mode"), 422, 42205);
    assertThat(registry.register("d.mode", "{}").code()).isEqualTo("read_only");
    assertThat(delete("/mode/d.mode").raw().body()).isEqualTo("{\"mode\":\"READONLY\"}");
    assertThat(register("d.mode", "{}").status()).isEqualTo(200);
  }

  @Test
  void listsSchemasInEitherDialect() throws Exception {
    register("d.list", "{\"type\":[\"string\"]}");
    register("d.list", "{\"type\":[\"string\",\"null\"]}");

    Reply byParameter = get("/schemas?subjectPrefix=d.list&latestOnly=true");
    assertThat(byParameter.json().size()).isEqualTo(1);
    assertThat(byParameter.json().get(0).path("version").asInt()).isEqualTo(2);
    assertThat(get("/schemas?subjectPrefix=d.list&offset=1&limit=5").json().size()).isEqualTo(1);
    Reply byAccept =
        registry.get("/schemas", "Authorization", TestRegistry.READ, "Accept", V1 + ", */*");
    assertThat(byAccept.json().isArray()).isTrue();
    assertThat(byAccept.header("Content-Type")).isEqualTo(V1);
    Reply own = registry.get("/schemas?limit=1");
    assertThat(own.json().path("schemas").isArray()).isTrue();
    assertThat(own.header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void storesTheCanonicalSpellingWhenAskedTo() throws Exception {
    Reply reply =
        registry.call(
            "POST",
            "/subjects/d.norm/versions?normalize=true",
            request("{\"type\":\"object\",\"minProperties\":1.0}", null));

    assertThat(reply.json().path("schema").asString())
        .isEqualTo("{\"minProperties\":1,\"type\":\"object\"}");
    assertThat(lookUp("d.norm", "{\"minProperties\":1,\"type\":\"object\"}", "").status())
        .isEqualTo(200);
  }

  @Test
  void hasTheDefaultContextOnlyAndSaysSo() throws Exception {
    register("d.ctx", CLOSED);

    assertThat(get("/contexts").raw().body()).isEqualTo("[\".\"]");
    assertThat(get("/subjects/:.:d.ctx/versions").raw().body()).isEqualTo("[1]");
    assertThat(get("/contexts/:.:/subjects/d.ctx/versions").raw().body()).isEqualTo("[1]");
    assertError(get("/subjects/:.other:d.ctx/versions"), 422, 42208);
    assertError(register(":.other:d.ctx", CLOSED), 422, 42208);
    assertError(get("/contexts/.other/subjects"), 422, 42208);
    assertThat(get("/v1/metadata/id").json().path("scope").path("clusters")).isNotEmpty();
    assertThat(get("/schemas/types").raw().body()).isEqualTo("[\"JSON\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET    | /subjects/d.none/versions          |      | 404 | 40401",
        "GET    | /subjects/d.none/versions/1        |      | 404 | 40401",
        "GET    | /subjects/cart.viewed/versions/9   |      | 404 | 40402",
        "GET    | /subjects/cart.viewed/versions/0   |      | 422 | 42202",
        "GET    | /subjects/cart.viewed/versions/x   |      | 422 | 42202",
        "DELETE | /subjects/cart.viewed/versions/x   |      | 422 | 42202",
        "DELETE | /subjects/d.none                   |      | 404 | 40401",
        "GET    | /schemas/ids/99999                 |      | 404 | 40403",
        "GET    | /schemas/ids/99999/versions        |      | 404 | 40403",
        "GET    | /schemas/guids/x                   |      | 404 | 40403",
        "POST   | /subjects/d.none                   | {\"schemaType\":\"JSON\",\"schema\":\"{}\"}"
            + " | 404 | 40401",
        "POST   | /subjects/cart.viewed              | {\"schemaType\":\"JSON\",\"schema\":\"{}\"}"
            + " | 404 | 40403",
        "POST   | /subjects/d.x/versions             | {    | 400 | 400",
        "POST   | /subjects/d.x/versions             | []   | 400 | 400",
        "POST   | /subjects/d.x/versions             | {\"schema\":\"{}\"} | 422 | 42201",
        "POST   | /subjects/d.x/versions             | {\"schemaType\":\"JSON\"} | 422 | 42201",
        "POST   | /subjects/d.x/versions             | {\"schemaType\":\"JSON\",\"schema\":\"{\"} |"
            + " 422 | 42201",
        "POST   | /subjects/d.x/versions             |"
            + " {\"schemaType\":\"JSON\",\"schema\":\"{}\",\"x\":1} | 422 | 422",
        "POST   | /subjects/d.x/versions             |"
            + " {\"schemaType\":\"JSON\",\"schema\":\"{\\\"type\\\":1}\"} | 422 | 42201",
        "POST   | /subjects/d.x/versions             |"
            + " {\"schemaType\":\"JSON\",\"schema\":\"{}\",\"ruleSet\":{}} | 422 | 42210",
        "POST   | /subjects/d.x/versions             |"
            + " {\"schemaType\":\"JSON\",\"schema\":\"{}\",\"id\":7} | 422 | 42205",
        "POST   | /subjects/d.x/versions             |"
            + " {\"schemaType\":\"JSON\",\"schema\":\"{}\",\"version\":7} | 422 | 42201",
        "POST   | /subjects/types/versions           | {\"schemaType\":\"JSON\",\"schema\":\"{}\"}"
            + " | 422 | 42208",
        "POST   | /subjects/a%20b/versions           | {\"schemaType\":\"JSON\",\"schema\":\"{}\"}"
            + " | 422 | 42208",
        "PATCH  | /subjects                          |      | 405 | 405",
        "GET    | /config/x/y                        |      | 404 | 404"
      })
  void answersTheProtocolsErrors(String method, String path, String body, int status, int code)
      throws Exception {
    assertError(registry.call(method, path, body), status, code);
  }

  @Test
  void refusesWhatIsTooLargeAndOtherIds() throws Exception {
    assertError(register("d.x", "{\"title\":\"" + "x".repeat(70_000) + "\"}"), 422, 42209);
    assertError(register("d.x", "{\"title\":\"" + "x".repeat(300_000) + "\"}"), 413, 413);
    int id = register("d.ids", CLOSED).json().path("id").asInt();
    String body = request(CLOSED, null).replaceFirst("\\{", "{\"id\":" + (id + 1) + ",");
    assertError(registry.call("POST", "/subjects/d.ids/versions", body), 422, 42207);
  }

  @Test
  void answersStrangersAndWrongTypesOfBodyInItsOwnDialect() throws Exception {
    assertError(registry.get("/subjects", "Authorization", "Bearer wrong"), 401, 40101);
    assertError(registry.get("/schemas?latestOnly=true", "Authorization", "x"), 401, 40101);
    assertThat(registry.get("/schemas", "Authorization", "x").code()).isEqualTo("unauthorized");
    for (String write : List.of("/subjects/d.a", "/config/d.a", "/mode/d.a")) {
      assertError(
          registry.send(registry.request(write, "Authorization", TestRegistry.READ).DELETE()),
          403,
          40301);
    }
    assertError(
        registry.send(
            registry
                .request(
                    "/subjects/d.a/versions",
                    "Authorization",
                    TestRegistry.WRITE,
                    "Content-Type",
                    "text/plain")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{}"))),
        415,
        415);
  }

  private Reply register(String subject, String schema, String references) throws Exception {
    return registry.call("POST", "/subjects/" + subject + "/versions", request(schema, references));
  }

  private Reply lookUp(String subject, String schema, String query) throws Exception {
    return send("/subjects/" + subject + query, schema);
  }
}
