package io.eventpipeline.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.schema.Lookup.Outcome;
import io.eventpipeline.schema.Reading.Result;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the client makes of versions that follow from each other. */
class EvolutionTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String TYPE = "cart.viewed";

  private final AtomicLong nanos = new AtomicLong();
  private final FakeRegistry registry = new FakeRegistry();
  private final SchemaClient client =
      new SchemaClient(
          SchemaClientConfig.of("http://registry.invalid:1", "token"), registry, nanos::get);

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void upcastsThroughEveryMigrationToTheNewestVersion() {
    requiring(1, "a");
    requiring(2, "b").put("upcasts_from", 1).put("migration", "{\"b\": a + 1}");
    requiring(3, "c").put("upcasts_from", 2).put("migration", "{\"c\": b * 10}");

    assertThat(read(1, "{\"a\":1}")).isEqualTo("3 {\"c\":20}");
    assertThat(read(2, "{\"b\":1}")).isEqualTo("3 {\"c\":10}");
    assertThat(read(3, "{\"c\":1}")).isEqualTo("3 {\"c\":1}");
    assertThat(read(0, "{\"c\":1}")).isEqualTo("3 {\"c\":1}");
  }

  @Test
  void validatesAgainstTheVersionNamedBeforeItMigrates() {
    requiring(1, "a");
    requiring(2, "b").put("upcasts_from", 1).put("migration", "{\"b\": 1}");

    Result result = reading(1).read(JSON.readTree("{\"b\":1}"));

    assertThat(result.done()).isFalse();
    assertThat(result.violations()).hasSize(1);
    assertThat(result.violations().get(0).pointer()).isEqualTo("/a");
  }

  @Test
  void saysThatAMigrationFailedAndNotThatTheEventIsInvalid() {
    requiring(1, "a");
    requiring(2, "b")
        .put("upcasts_from", 1)
        .put("migration", "a = 1 ? {\"x\": 1} : $error(\"no\")");

    Result unfit = reading(1).read(JSON.readTree("{\"a\":1}"));
    Result failed = reading(1).read(JSON.readTree("{\"a\":2}"));

    assertThat(unfit.violations()).isEmpty();
    assertThat(unfit.failure()).contains("cart.viewed/2").contains("/b");
    assertThat(failed.violations()).isEmpty();
    assertThat(failed.failure()).contains("no");
  }

  @Test
  void blamesTheProducerForWhatItSentOnly() {
    requiring(1, "a");
    requiring(2, "b").put("upcasts_from", 1).put("migration", "$error(\"no\")");
    registry.register("cart.fixed", 1, "{\"required\":[\"mistake\"]}");
    registry
        .register("cart.fixed", 2, "{\"required\":[\"b\"]}")
        .put("supersedes", 1)
        .put("upcasts_from", 1)
        .put("migration", "{\"c\": 1}");

    assertThat(reading(1).validate(JSON.readTree("{\"a\":1}"))).isEmpty();
    assertThat(reading(1).validate(JSON.readTree("{\"b\":1}"))).hasSize(1);
    Reading corrected = client.find("cart.fixed", 1).reading();
    assertThat(corrected.validate(JSON.readTree("{}"))).as("the migration is to blame").isEmpty();
    assertThat(corrected.read(JSON.readTree("{}")).failure()).contains("/b");
  }

  @Test
  void writesCompatibleDataAsTheNewerVersionWithoutTouchingIt() {
    requiring(1, "a");
    requiring(2, "a").put("upcasts_from", 1);
    JsonNode data = JSON.readTree("{\"a\":1}");

    Result result = reading(1).read(data);

    assertThat(reading(1).version()).isEqualTo(2);
    assertThat(result.data()).isSameAs(data);
    assertThat(result.changed()).isFalse();
  }

  @Test
  void leavesEventsAloneThatNoMigrationLeadsAwayFrom() {
    requiring(1, "a");
    requiring(2, "b");
    requiring(3, "c").put("upcasts_from", 2).put("migration", "{\"c\": b}");

    assertThat(read(1, "{\"a\":1}")).isEqualTo("1 {\"a\":1}");
  }

  @Test
  void neverWritesAsAVersionThatIsDeprecatedOrADraft() {
    requiring(1, "a");
    requiring(2, "b")
        .put("upcasts_from", 1)
        .put("migration", "{\"b\": a}")
        .put("status", "deprecated");
    requiring(3, "c").put("upcasts_from", 2).put("migration", "{\"c\": b}").put("status", "draft");

    assertThat(read(1, "{\"a\":1}")).isEqualTo("1 {\"a\":1}");
  }

  @Test
  void passesThroughVersionsThatAreWithdrawnByNow() {
    requiring(1, "a");
    requiring(2, "b")
        .put("upcasts_from", 1)
        .put("migration", "{\"b\": a}")
        .put("status", "withdrawn");
    requiring(3, "c").put("upcasts_from", 2).put("migration", "{\"c\": b}");

    assertThat(read(1, "{\"a\":1}")).isEqualTo("3 {\"c\":1}");
  }

  @Test
  void validatesByTheVersionThatCorrectsTheNamedOne() {
    requiring(1, "mistake");
    requiring(2, "a").put("supersedes", 1);
    requiring(3, "a").put("supersedes", 2);

    assertThat(read(1, "{\"a\":1}")).isEqualTo("3 {\"a\":1}");
    assertThat(reading(1).read(JSON.readTree("{\"mistake\":1}")).violations()).hasSize(1);
    assertThat(reading(1).named()).isEqualTo(1);
    assertThat(client.find(TYPE, 1).schema().version()).isEqualTo(3);
  }

  @Test
  void migratesWhatNamesACorrectedVersionBeforeTheCorrectionValidatesIt() {
    requiring(1, "mistake");
    requiring(2, "b").put("supersedes", 1).put("upcasts_from", 1).put("migration", "{\"b\": a}");
    requiring(3, "c").put("upcasts_from", 2).put("migration", "{\"c\": b}");

    assertThat(read(1, "{\"a\":1}")).isEqualTo("3 {\"c\":1}");
  }

  @Test
  void neverWritesAsAVersionThatIsItselfCorrected() {
    requiring(1, "a");
    requiring(2, "b").put("upcasts_from", 1).put("migration", "{\"b\": a}");
    requiring(3, "c").put("supersedes", 2);

    assertThat(read(1, "{\"a\":1}")).isEqualTo("1 {\"a\":1}");
  }

  @Test
  void survivesALineageThatBitesItsTail() {
    requiring(1, "a").put("supersedes", 2);
    requiring(2, "a").put("supersedes", 1).put("upcasts_from", 2);
    requiring(3, "a").put("supersedes", 3).put("upcasts_from", 3);

    assertThat(client.find(TYPE, 1).outcome()).isEqualTo(Outcome.FOUND);
    assertThat(client.find(TYPE, 3).outcome()).isEqualTo(Outcome.FOUND);
  }

  @Test
  void takesANewVersionUpWithTheNews() throws Exception {
    requiring(1, "a");
    client.preload();
    assertThat(read(1, "{\"a\":1}")).isEqualTo("1 {\"a\":1}");
    Lookup before = client.find(TYPE, 1);
    client.preload();
    assertThat(client.find(TYPE, 1)).isSameAs(before);

    requiring(2, "b").put("upcasts_from", 1).put("migration", "{\"b\": a}");
    client.preload(); // what the background does every few seconds

    assertThat(read(1, "{\"a\":1}")).isEqualTo("2 {\"b\":1}");
  }

  @Test
  void asksForAllThatAnOldVersionTakesBeforeItAnswers() {
    requiring(1, "a");
    requiring(2, "b").put("upcasts_from", 1).put("migration", "{\"b\": a}");

    assertThat(read(1, "{\"a\":1}")).isEqualTo("2 {\"b\":1}");
    assertThat(registry.asked)
        .containsExactly(
            "/schemas/cart.viewed/1",
            "/schemas?type=cart.viewed&limit=100",
            "/schemas/cart.viewed/2");
    registry.down = true;
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(read(1, "{\"a\":1}")).isEqualTo("2 {\"b\":1}");
  }

  @Test
  void isUnavailableWhenTheWayCannotBeKnown() {
    requiring(1, "a");
    registry.beforeAnswer = () -> registry.down = registry.asked.size() > 1;

    assertThat(client.find(TYPE, 1).failureReason()).isEqualTo(FailureReason.SCHEMA_UNAVAILABLE);
  }

  @Test
  void isUnavailableWhenAMigrationCannotBeUsedHere() {
    requiring(1, "a");
    requiring(2, "b").put("upcasts_from", 1).put("migration", "$eval(\"1\")");

    assertThat(client.find(TYPE, 1).outcome()).isEqualTo(Outcome.UNAVAILABLE);
    assertThat(client.find(TYPE, 1).detail()).contains("$eval");
    assertThat(client.find(TYPE, 2).found()).isTrue();
  }

  private ObjectNode requiring(int version, String member) {
    return registry.register(
        TYPE, version, "{\"type\":\"object\",\"required\":[\"%s\"]}".formatted(member));
  }

  private Reading reading(int version) {
    return client.find(TYPE, version).reading();
  }

  /** The version that it is written as, and the data. */
  private String read(int version, String data) {
    Reading reading = reading(version);
    Result result = reading.read(JSON.readTree(data));
    return reading.version() + " " + (result.done() ? result.data() : result);
  }
}
