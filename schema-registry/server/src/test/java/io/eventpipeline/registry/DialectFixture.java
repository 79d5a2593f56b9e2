package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.services.ServiceKit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A registry of a test class's own, and what is asked of it in Confluent's dialect. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DialectFixture {
  static final String V1 = "application/vnd.schemaregistry.v1+json";

  static final String CLOSED =
      "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},"
          + "\"additionalProperties\":false}";

  /** Does not follow {@link #CLOSED}. */
  static final String BROKEN = "{\"type\":\"object\",\"required\":[\"b\"]}";

  @AutoClose TestRegistry registry;

  @BeforeAll
  void start(ServiceKit kit) throws Exception {
    registry = TestRegistry.start(kit.postgres());
  }

  Reply register(String subject, String schema) throws Exception {
    return send("/subjects/" + subject + "/versions", schema);
  }

  /** Posts a schema without references. */
  Reply send(String path, String schema) throws Exception {
    return registry.call("POST", path, request(schema, null));
  }

  Reply get(String path) throws Exception {
    return registry.get(path);
  }

  Reply put(String path, String body) throws Exception {
    return registry.call("PUT", path, body);
  }

  Reply delete(String path) throws Exception {
    return registry.call("DELETE", path, null);
  }

  /** A body that registers, looks up or checks; {@code references} in JSON, or null. */
  static String request(String schema, String references) {
    ObjectNode body =
        JsonNodeFactory.instance.objectNode().put("schemaType", "JSON").put("schema", schema);
    if (references != null) {
      body.set("references", JsonBody.JSON.readTree(references));
    }
    return body.toString();
  }

  static void assertError(Reply reply, int status, int code) {
    assertThat(reply.status()).as(reply.raw().body()).isEqualTo(status);
    assertThat(reply.errorCode()).as(reply.raw().body()).isEqualTo(code);
    assertThat(reply.json().path("message").asString()).isNotBlank();
    assertThat(reply.header("Content-Type")).isEqualTo(V1);
  }
}
