package io.eventpipeline.registry.warehouse;

import io.eventpipeline.registry.Problem;
import io.eventpipeline.schema.CompiledSchema;
import io.eventpipeline.schema.Reading;
import io.eventpipeline.schema.Violation;
import io.eventpipeline.schema.migration.Migration;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Holds stored events against a schema as the job would: what names an older version is validated
 * by that, led on by the migrations that there are and by the proposed one, and only then meets the
 * proposal. What names no version meets it as it is, and so does data that no way leads on from.
 * What is no object is refused whatever the schema says. Events that the job cannot even decode
 * never meet a schema and are counted apart.
 */
final class Trial {
  private static final List<Violation> NO_OBJECT =
      List.of(new Violation("", "type", "data must be an object"));

  private final String type;
  private final Proposed proposed;
  private final SampleReport report;

  Trial(String type, Proposed proposed, SampleReport report) {
    this.type = type;
    this.proposed = proposed;
    this.report = report;
  }

  /**
   * Takes one event.
   *
   * @param payload the whole envelope
   */
  void take(String payload, SampleReport.Example place) {
    Optional<StoredEvent> stored = StoredEvent.of(type, payload);
    if (stored.isEmpty()) {
      report.addUndecodable();
      return;
    }
    JsonNode data = stored.get().data();
    int named = stored.get().named();
    Optional<Reading> reading =
        named == proposed.supersedes() || !data.isObject() ? Optional.empty() : reading(named);
    if (reading.isEmpty()) {
      boolean corrected = named != 0 && named == proposed.supersedes();
      meet(data, corrected && named == proposed.from(), false, place);
      return;
    }
    Reading.Result read = reading.get().read(data);
    if (!read.violations().isEmpty()) {
      report.addRejected(read.violations(), true, place);
    } else if (!read.done()) {
      report.addUnmigratable(read.failure(), true, place);
    } else {
      meet(read.data(), reading.get().version() == proposed.from(), read.changed(), place);
    }
  }

  private Optional<Reading> reading(int named) {
    try {
      return proposed.today().of(named);
    } catch (IOException e) {
      throw new Problem(Problem.Code.INTERNAL, e.getMessage()); // it was taken once
    }
  }

  /**
   * @param follows whether the proposed migration applies to it
   * @param changed whether another one was applied
   */
  private void meet(JsonNode data, boolean follows, boolean changed, SampleReport.Example place) {
    JsonNode now = data;
    boolean migrates = follows && data.isObject() && proposed.migration().isPresent();
    if (migrates) {
      Migration.Result result = proposed.migration().get().apply(data);
      if (!result.done()) {
        report.addUnmigratable(result.failure(), isRejectedToday(data), place);
        return;
      }
      now = result.data();
    }
    if (migrates || changed) {
      report.addMigrated();
    }
    List<Violation> violations = violations(proposed.schema(), now);
    if (violations.isEmpty()) {
      report.addAccepted();
    } else {
      report.addRejected(violations, isRejectedToday(data), place);
    }
  }

  private boolean isRejectedToday(JsonNode data) {
    return proposed.newest().isPresent() && !violations(proposed.newest().get(), data).isEmpty();
  }

  private static List<Violation> violations(CompiledSchema schema, JsonNode data) {
    return data.isObject() ? schema.validate(data) : NO_OBJECT;
  }
}
