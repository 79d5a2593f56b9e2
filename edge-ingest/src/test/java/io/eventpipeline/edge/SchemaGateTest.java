package io.eventpipeline.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.edge.event.EventParser;
import io.eventpipeline.edge.event.ParsedEvent;
import io.eventpipeline.schema.CompiledSchema;
import io.eventpipeline.schema.Lookup;
import io.eventpipeline.schema.Reading;
import io.eventpipeline.schema.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SchemaGateTest {
  private final List<String> asked = new ArrayList<>();
  private CompletableFuture<Lookup> answer = new CompletableFuture<>();
  private final SchemaGate gate = new SchemaGate(new Answers());

  @Test
  void saysWhereDataBreaksItsSchema() throws Exception {
    known();

    assertThat(objection("{\"type\":\"a\",\"data\":{\"n\":-1}}"))
        .contains("/n")
        .contains("minimum");
    assertThat(objection("{\"data\":{\"n\":1},\"type\":\"a\"}")).isNull();
    assertThat(objection("{\"type\":\"a\",\"data\":{\"n\":1e99}}")).isNull();
    assertThat(gate.unseen()).isZero();
  }

  /** Two reasons are one answer, and an event's neighbours in its body are none of it. */
  @Test
  void looksAtOneEventOfABatchAndTellsAllThatIsWrongWithIt() throws Exception {
    known();
    String wrong = "{\"type\":\"a\",\"data\":{\"n\":-1,\"price\":0.001}}";
    String right = "{\"type\":\"a\",\"data\":{\"n\":1}}";
    byte[] batch = ("[" + wrong + "," + right + "," + wrong + "]").getBytes(UTF_8);
    int second = 1 + wrong.length() + 1;
    int third = second + right.length() + 1;

    assertThat(gate.objection(batch, 1, 1 + wrong.length()))
        .contains("/n", "/price")
        .containsOnlyOnce("; ");
    assertThat(gate.objection(batch, second, second + right.length())).isNull();
    assertThat(gate.objection(batch, third, third + wrong.length())).contains("/n");
    assertThat(gate.unseen()).isZero();
  }

  @Test
  void endsWithItsSchemas() {
    gate.close();

    assertThat(asked).containsExactly("closed");
  }

  /** A binary 0.29 is no multiple of 0.01, and 1e-20 more than a price would get lost. */
  @Test
  void readsDecimalsAsTheJobDoes() throws Exception {
    known();

    assertThat(objection("{\"type\":\"a\",\"data\":{\"price\":0.29}}")).isNull();
    assertThat(objection("{\"type\":\"a\",\"data\":{\"price\":1.00000000000000000001}}"))
        .contains("/price");
  }

  @Test
  void asksForTheVersionThatTheEventNames() throws Exception {
    known();
    objection("{\"type\":\"a\",\"data\":{}}");
    objection("{\"type\":\"a\",\"dataschema\":null,\"data\":{}}");
    objection("{\"type\":\"a\",\"dataschema\":\"schema:a/7\",\"data\":{}}");
    objection("{\"type\":\"a\",\"dataschema\":\"https://x.example/s/a/00012\",\"data\":{}}");

    assertThat(asked).containsExactly("a/0", "a/0", "a/7", "a/12");
  }

  @Test
  void letsThroughWhatItCannotJudgeAndCountsIt() {
    assertThat(objection("{\"type\":\"a\",\"data\":{\"n\":-1}}")).as("on its way").isNull();
    for (Lookup.Outcome outcome :
        List.of(
            Lookup.Outcome.UNAVAILABLE,
            Lookup.Outcome.UNKNOWN_TYPE,
            Lookup.Outcome.UNKNOWN_VERSION)) {
      answer = CompletableFuture.completedFuture(new Lookup(outcome, null, "why"));
      assertThat(objection("{\"type\":\"a\",\"data\":{\"n\":-1}}")).as("%s", outcome).isNull();
    }
    String name = "x".repeat(60_000);
    assertThat(objection("{\"type\":\"a\",\"data\":{\"" + name + "\":-1}}")).isNull();
    assertThat(gate.unseen()).isEqualTo(5);
  }

  @Test
  void looksAtNothingUnlessItIsToldTo() {
    SchemaGate off = SchemaGate.open(TestConfig.with().schemas());

    assertThat(off.objection(new byte[0], 0, 0)).isNull();
    assertThat(off.unseen()).isZero();
    off.close();
  }

  private void known() throws Exception {
    answer =
        CompletableFuture.completedFuture(
            new Lookup(
                Lookup.Outcome.FOUND,
                Reading.plain(
                    CompiledSchema.compile(
                        1,
                        "a",
                        1,
                        JsonMapper.shared()
                            .readTree(
                                "{\"properties\":{\"n\":{\"type\":\"integer\",\"minimum\":0},"
                                    + "\"price\":{\"multipleOf\":0.01}}}"))),
                ""));
  }

  private String objection(String json) {
    byte[] body = (" " + json + " ").getBytes(UTF_8);
    ParsedEvent event = new EventParser().parse(body, 0, body.length);
    assertThat(event.isAccepted()).as(event.detail()).isTrue();
    return gate.objection(event.bytes(), event.from(), event.to());
  }

  /** One answer to every question. */
  private final class Answers implements Schemas {
    @Override
    public Lookup find(String type, int version) {
      throw new AssertionError("an event loop must not wait");
    }

    @Override
    public CompletableFuture<Lookup> lookup(String type, int version) {
      asked.add(type + "/" + version);
      return answer;
    }

    @Override
    public void close() {
      asked.add("closed");
    }
  }
}
