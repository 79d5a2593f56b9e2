package io.eventpipeline.registry.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.registry.warehouse.EventSampler.Part;
import io.eventpipeline.registry.warehouse.SampleReport.Example;
import io.eventpipeline.schema.Violation;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleReportTest {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  @Test
  void countsAnEventOnceForEachReasonWhateverThePositionInAnArray() {
    SampleReport report = new SampleReport(new Part(NOW, NOW, 1, 1, 1));

    report.addRejected(
        List.of(
            new Violation("/lines/0/id", "required", ""),
            new Violation("/lines/12/id", "required", ""),
            new Violation("/7", "type", "")),
        false,
        example("e"));
    report.end(false);

    assertThat(report.sentence())
        .isEqualTo("rejects 1 of 1: 1 × /data/* of another type, 1 × /data/lines/*/id missing");
    assertThat(report.stoppedBy()).isEmpty();
  }

  @Test
  void staysBoundedWhenNamesOfMembersAreData() {
    SampleReport report = new SampleReport(new Part(NOW, NOW, 2_000, 1, 2_000));
    for (int i = 0; i < 1_000; i++) {
      String name = "/customer-" + i;
      report.addRejected(List.of(new Violation(name, "type", "")), i % 2 == 0, example("e" + i));
    }
    report.addRejected(List.of(new Violation("/customer-3", "type", "")), false, example("last"));
    report.end(true);

    assertThat(report.rejected()).isEqualTo(1_001);
    assertThat(report.rejectedAlready()).isEqualTo(500);
    assertThat(report.reasons()).hasSize(SampleReport.REASONS_MAX);
    assertThat(report.reasons().get(0).pointer()).isEqualTo("/customer-3");
    assertThat(report.reasons().get(0).example().eventId()).as("the first one").isEqualTo("e3");
    assertThat(report.moreReasons()).isEqualTo(481);
    assertThat(report.sentence()).endsWith(", and 496 more reasons");
    assertThat(report.stoppedBy()).isEqualTo("time");
  }

  @Test
  void saysWhenThereWasNothingToReject() {
    SampleReport report = new SampleReport(new Part(NOW, NOW, 3, 1, 3));
    report.addAccepted();
    report.addAccepted();
    report.addUndecodable();
    report.end(true);

    assertThat(report.sentence()).isEqualTo("rejects none of 2");
    assertThat(report.stoppedBy()).as("all of it was looked at").isEmpty();
  }

  private static Example example(String id) {
    return new Example(id, "/it", "store-1", NOW);
  }
}
