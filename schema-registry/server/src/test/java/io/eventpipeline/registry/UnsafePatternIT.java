package io.eventpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.TestRegistry.Reply;
import io.eventpipeline.registry.store.Change;
import io.eventpipeline.registry.store.SchemaChanges.Proposal;
import io.eventpipeline.registry.store.Stores;
import io.eventpipeline.registry.warehouse.ColumnPlanner;
import io.eventpipeline.services.Server;
import io.eventpipeline.services.ServiceKit;
import io.eventpipeline.services.WithServices;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Patterns that are harmless here and stop the validators of others, at every door. */
@WithServices(Server.POSTGRES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnsafePatternIT {
  private static final String UNSAFE = "{\"type\":\"string\",\"pattern\":\"^(a+)+$\"}";

  @AutoClose private TestRegistry registry;

  @BeforeAll
  void start(ServiceKit kit) throws Exception {
    registry = TestRegistry.start(kit.postgres());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '`',
      value = {
        "/pattern {\"pattern\":\"^(a+)+$\"}",
        "/properties/a~1b/pattern {\"properties\":{\"a/b\":{\"pattern\":\"^(a+)+$\"}}}",
        "/properties/pattern/pattern {\"properties\":{\"pattern\":{\"pattern\":\"^(a+)+$\"}}}",
        "/patternProperties/^(a+)+$ {\"patternProperties\":{\"^(a+)+$\":{}}}",
        "/$defs/unused/items/pattern {\"$defs\":{\"unused\":{\"items\":{\"pattern\":\"^(a+)+$\"}}}}",
        "/propertyNames/pattern {\"propertyNames\":{\"pattern\":\"^(a+)+$\"}}",
        "/allOf/1/not/pattern {\"allOf\":[{},{\"not\":{\"pattern\":\"^(a+)+$\"}}]}"
      })
  void saysWhereItStandsAndWhatToWriteInstead(String pointer, String schema) throws Exception {
    Reply registered = registry.register("it.unsafe", schema);
    Reply checked =
        registry.call("POST", "/schemas/it.unsafe/check", "{\"schema\":" + schema + "}");

    for (Reply reply : new Reply[] {registered, checked}) {
      assertThat(reply.status()).as(reply.raw().body()).isEqualTo(422);
      assertThat(reply.code()).isEqualTo("unsafe_pattern");
      JsonNode problem = reply.json();
      assertThat(problem.path("pointer").asString()).isEqualTo(pointer);
      assertThat(problem.path("pattern").asString()).isEqualTo("^(a+)+$");
      assertThat(problem.path("rewrite").asString()).isEqualTo("^(a)+$");
      assertThat(problem.path("detail").asString())
          .contains("at " + pointer + ": exponential backtracking: (a+)+ at character 2");
    }
  }

  @Test
  void isNoDoorForDraftsEither() throws Exception {
    Reply draft =
        registry.post("{\"type\":\"it.draft\",\"status\":\"draft\",\"schema\":" + UNSAFE + "}");
    registry.post("{\"type\":\"it.draft\",\"status\":\"draft\",\"schema\":{}}");
    Reply edited =
        registry.call("PUT", "/schemas/it.draft/1", "{\"schema\":" + UNSAFE + "}", "If-Match", "*");

    assertThat(draft.code()).isEqualTo("unsafe_pattern");
    assertThat(edited.code()).isEqualTo("unsafe_pattern");
  }

  @Test
  void speaksTheOtherDialectToo() throws Exception {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("schemaType", "JSON").put("schema", UNSAFE);
    registry.register("it.dialect", "{\"type\":\"string\"}");
    for (String path :
        new String[] {
          "/subjects/it.dialect/versions",
          "/subjects/it.new-one/versions?normalize=true",
          "/compatibility/subjects/it.dialect/versions/latest"
        }) {
      Reply reply = registry.call("POST", path, body.toString());

      assertThat(reply.status()).as(path).isEqualTo(422);
      assertThat(reply.errorCode()).isEqualTo(42201);
      assertThat(reply.json().path("message").asString())
          .contains("unsafe_pattern", "at /pattern", "the same without it: '^(a)+$'");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"properties\":{\"pattern\":{\"type\":\"string\"},\"patternProperties\":{\"maxLength\":3}}}",
        "{\"examples\":[{\"pattern\":\"^(a+)+$\"}],\"const\":{\"pattern\":\"^(a+)+$\"}}",
        "{\"description\":\"^(a+)+$\",\"pattern\":\"^[a-z]+(-[a-z]+)*$\"}"
      })
  void takesWhatOnlyLooksLikeIt(String schema) throws Exception {
    Reply reply = registry.register("it.safe-" + Integer.toHexString(schema.hashCode()), schema);

    assertThat(reply.status()).as(reply.raw().body()).isEqualTo(201);
  }

  /** Serializers register at every start; an upgrade of the registry must not stop them. */
  @Test
  void takesAgainWhatWasPublishedBeforeThisRule() throws Exception {
    JsonNode schema = JsonBody.JSON.readTree(UNSAFE);
    Stores.on(
            registry.database(),
            new ProvenCompatibility(),
            new TriedMigration(),
            new ColumnPlanner(Optional.empty()))
        .changes()
        .register(
            new Proposal("it.before", SchemaIntake.trusted(schema), "", false, 0),
            new Change("it", ""));

    Reply again = registry.register("it.before", UNSAFE);
    Reply validated =
        registry.call(
            "POST", "/schemas/it.before/validate", "{\"data\":\"" + "a".repeat(9) + "\"}");

    assertThat(again.status()).as(again.raw().body()).isEqualTo(200);
    assertThat(validated.json().path("valid").asBoolean()).isTrue();
    assertThat(registry.register("it.after", UNSAFE).code()).isEqualTo("unsafe_pattern");
  }
}
