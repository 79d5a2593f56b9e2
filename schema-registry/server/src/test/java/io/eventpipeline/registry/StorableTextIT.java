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
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Text that the database does not take is the caller's mistake, and no outage. */
@WithServices(Server.POSTGRES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StorableTextIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @AutoClose private TestRegistry registry;

  @BeforeAll
  void start(ServiceKit kit) throws Exception {
    registry = TestRegistry.start(kit.postgres());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          POST   | /schemas | {"type":"nul.a","schema":{},"description":"\\u0000"} | 400 | invalid_request
          POST   | /schemas | {"type":"nul.a","schema":{},"reason":"a\\u0000"}     | 400 | invalid_request
          POST   | /schemas | {"type":"nul.a","schema":{},"migration":"\\"\\u0000\\""} | 400 | invalid_request
          POST   | /schemas | {"type":"nul.a","schema":{},"references":[{"name":"\\u0000","type":"cart.viewed","version":1}]} | 400 | invalid_request
          POST   | /schemas/cart.viewed/check | {"schema":{},"references":[{"name":"\\u0000","type":"cart.viewed","version":1}]} | 400 | invalid_request
          POST   | /schemas/cart.viewed/1/deprecate | {"reason":"\\u0000"} | 400 | invalid_request
          POST   | /schemas | {"type":"nul.a","schema":{"title":"\\ud800"}} | 400 | malformed_json
          POST   | /schemas | {"type":"nul.a","schema":{"title":"\\udc00\\ud800"}} | 400 | malformed_json
          POST   | /schemas | {"type":"nul.a","schema":{"properties":{"a\\udfff":{}}}} | 400 | malformed_json
          POST   | /schemas/cart.viewed/validate?upcast=true | {"data":{"a":["\\ud800"]}} | 400 | malformed_json
          POST   | /subjects/nul.b/versions | {"schemaType":"JSON","schema":"{}","references":[{"name":"\\u0000","subject":"cart.viewed","version":1}]} | 422 | 42201
          POST   | /subjects/nul.b/versions | {"schemaType":"JSON","schema":"{}","references":[{"name":"a","subject":"\\u0000","version":1}]} | 422 | 42201
          POST   | /subjects/cart.viewed    | {"schemaType":"JSON","schema":"{}","references":[{"name":"a","subject":"\\u0000","version":1}]} | 422 | 42201
          POST   | /compatibility/subjects/cart.viewed/versions | {"schemaType":"JSON","schema":"{}","references":[{"name":"a","subject":"\\u0000","version":1}]} | 422 | 42201
          POST   | /subjects/nul.b/versions | {"schemaType":"JSON","schema":"{\\"title\\":\\"\\\\ud800\\"}"} | 422 | 42201
          POST   | /subjects/nul.b/versions | {"schemaType":"JSON","schema":"{\\"title\\":\\"\\ud800\\"}"} | 400 | 400
          POST   | /subjects/nul.b/versions | {"schemaType":"JSON","schema":"{}","metadata":{"properties":{"a":"\\ud800"}}} | 400 | 400
          PUT    | /config/nul.b | {"compatibility":"NONE","compatibilityGroup":"\\u0000"} | 422 | 42203
          GET    | /config/%00   | | 422 | 42208
          GET    | /config/%00?defaultToGlobal=true | | 422 | 42208
          PUT    | /config/%00   | {"compatibility":"NONE"} | 422 | 42208
          DELETE | /config/%00   | | 422 | 42208
          GET    | /mode/a%00    | | 422 | 42208
          PUT    | /mode/%00     | {"mode":"READONLY"} | 422 | 42208
          DELETE | /mode/%00     | | 422 | 42208
          GET    | /subjects?subjectPrefix=%00 | | 400 | 400
          GET    | /schemas?subjectPrefix=a%00 | | 400 | 400
          """)
  void refusesWhatCannotBeKept(String method, String path, String body, int status, String code)
      throws Exception {
    Reply reply = registry.call(method, path, body);

    assertThat(reply.status()).as(reply.raw().body()).isEqualTo(status);
    String found = reply.errorCode() == 0 ? reply.code() : Integer.toString(reply.errorCode());
    assertThat(found).isEqualTo(code);
    assertThat(reply.header("Retry-After")).as("it will not get better").isEmpty();
  }

  /** In a schema it is written as an escape, and in metadata, too. */
  @Test
  void keepsANulWhereItHasAPlace() throws Exception {
    String schema =
        "{\"title\":\"a\\u0000\",\"properties\":{\"\\u0000\":{\"const\":\"\uD83D\uDE00\"}}}";
    Reply kept = registry.register("nul.kept", schema);
    Reply dialect =
        registry.call(
            "POST",
            "/subjects/nul.kept.too/versions",
            JSON.createObjectNode()
                .put("schemaType", "JSON")
                .put("schema", schema)
                .set("metadata", JSON.readTree("{\"properties\":{\"a\":\"\\u0000\"}}"))
                .toString());

    assertThat(kept.status()).as(kept.raw().body()).isEqualTo(201);
    assertThat(registry.get("/schemas/nul.kept/1").json().path("schema"))
        .isEqualTo(JSON.readTree(schema));
    assertThat(dialect.status()).as(dialect.raw().body()).isEqualTo(200);
    assertThat(
            registry
                .get("/subjects/nul.kept.too/versions/1")
                .json()
                .path("metadata")
                .path("properties")
                .path("a")
                .asString())
        .isEqualTo("\0");
  }
}
