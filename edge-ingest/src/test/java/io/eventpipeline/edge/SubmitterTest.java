package io.eventpipeline.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.contract.EventLimits;
import io.eventpipeline.contract.FailureReason;
import io.eventpipeline.edge.event.EventParser;
import io.eventpipeline.schema.CompiledSchema;
import io.eventpipeline.schema.Lookup;
import io.eventpipeline.schema.Reading;
import io.eventpipeline.schema.Schemas;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What a gate that validates means for the events of one request. */
class SubmitterTest {
  private static final String RIGHT = "{\"type\":\"a\",\"id\":\"right\",\"data\":{\"n\":1}}";
  private static final String WRONG = "{\"type\":\"a\",\"id\":\"wrong\",\"data\":{\"n\":-1}}";

  private final HeldPublisher publisher = new HeldPublisher();
  private final List<Submission> settled = new ArrayList<>();

  @Test
  void publishesTheEventsThatKeepToTheirSchemaAndNoOther() throws Exception {
    submit(RIGHT + "\n" + WRONG + "\n" + RIGHT + "\n");

    Submission submission = settled.get(0);
    assertThat(submission.accepted()).isEqualTo(2);
    assertThat(submission.reason(0)).isNull();
    assertThat(submission.reason(1)).isEqualTo(FailureReason.SCHEMA_VIOLATION);
    assertThat(submission.detail(1)).contains("/n");
    assertThat(submission.id(1)).isEqualTo("wrong");
    assertThat(submission.reason(2)).isNull();
    assertThat(publisher.published())
        .extracting(OutgoingEvent::id)
        .containsExactly("right", "right");
  }

  private void submit(String lines) throws Exception {
    CompiledSchema schema =
        CompiledSchema.compile(
            1, "a", 1, JsonMapper.shared().readTree("{\"properties\":{\"n\":{\"minimum\":0}}}"));
    Lookup found = new Lookup(Lookup.Outcome.FOUND, Reading.plain(schema), "");
    Submitter submitter =
        new Submitter(
            publisher,
            new SchemaGate(new Known(found)),
            new EdgeStats(),
            Clock.systemUTC(),
            Runnable::run,
            EventLimits.EVENT_BYTES_MAX);
    byte[] body = lines.getBytes(UTF_8);
    submitter.submit(
        new EventParser().parseLines(body, 0, body.length).eventsOrRefusal(),
        TestKeys.STORE_1,
        settled::add);
  }

  /** One schema for all that is asked. */
  private record Known(Lookup answer) implements Schemas {
    @Override
    public Lookup find(String type, int version) {
      return answer;
    }

    @Override
    public CompletableFuture<Lookup> lookup(String type, int version) {
      return CompletableFuture.completedFuture(answer);
    }

    @Override
    public void close() {
      assertThat(answer).isNotNull();
    }
  }
}
