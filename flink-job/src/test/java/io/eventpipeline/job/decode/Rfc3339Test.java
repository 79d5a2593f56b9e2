package io.eventpipeline.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-20T10:00:00Z",
        "2026-11-20T10:00:00.1Z",
        "2026-11-20T10:00:00.123456789+05:30",
        "2024-02-29T23:59:59.999999-18:00",
        "1969-12-31T23:59:59.5Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z"
      })
  void agreesWithTheJdk(String text) {
    Instant expected = OffsetDateTime.parse(text).toInstant();

    assertThat(Rfc3339.micros(text))
        .isEqualTo(expected.getEpochSecond() * 1_000_000 + expected.getNano() / 1_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-11-20",
        "2026-11-20T10:00:00",
        "2026-11-20T10:00Z",
        "2026-11-20 10:00:00Z",
        "2026-02-29T10:00:00Z",
        "2026-13-01T10:00:00Z",
        "2026-00-01T10:00:00Z",
        "2026-11-00T10:00:00Z",
        "2026-11-20T24:00:00Z",
        "2026-11-20T10:60:00Z",
        "2026-11-20T10:00:60Z",
        "2026-11-20T10:00:00.Z",
        "2026-11-20T10:00:00.1234567890Z",
        "2026-11-20T10:00:00+0100",
        "2026-11-20T10:00:00+19:00",
        "2026-11-20T10:00:00+01:60",
        "2026-11-20T10:00:00Zx",
        "20026-11-20T10:00:00Z",
        "0000-11-20T10:00:00Z",
        "1763632800000",
        "２026-11-20T10:00:00Z"
      })
  void refusesWhatIsNot(String text) {
    assertThat(Rfc3339.micros(text)).isEqualTo(Rfc3339.INVALID);
  }
}
