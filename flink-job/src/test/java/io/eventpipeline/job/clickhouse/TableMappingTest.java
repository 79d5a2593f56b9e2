package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableMappingTest {
  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00Z,197001",
    "2026-10-31T23:59:59.999Z,202610",
    "2026-11-01T00:00:00Z,202611",
    "2028-02-29T12:00:00Z,202802",
    "2261-12-31T23:59:59.999Z,226112"
  })
  void findsTheMonthInUtc(Instant at, long month) {
    var row = new Reading("x", at.toEpochMilli(), 0, "{}");

    assertThat(Reading.mapping("t").partitionOf(row)).isEqualTo(month);
  }

  @Test
  void refusesAValueThatTheTypeCannotHold() {
    var row = new Reading("x", 0, 256, "{}");

    assertThatThrownBy(() -> Reading.mapping("t").write(row, new RowBuffer(8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("value must be in 0..255, was 256");
  }

  @Test
  void refusesNamesThatWouldNeedQuotes() {
    assertThatThrownBy(() -> TableMapping.of("a; DROP TABLE b"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
